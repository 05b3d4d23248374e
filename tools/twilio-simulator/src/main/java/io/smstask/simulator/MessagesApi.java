package io.smstask.simulator;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The HTTP side of the simulator: create, read, cancel and list messages. */
final class MessagesApi {
    /** Twilio has no such path: what is below it neither counts as a request nor gets Twilio's headers. */
    static final String CONTROL = "/_control";

    private static final String MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json";
    private static final String MESSAGE = "/2010-04-01/Accounts/{account}/Messages/{message}";

    private static final String MEDIA = MESSAGE + "/Media.json";
    private static final String MEDIUM = MESSAGE + "/Media/{medium}";

    /** Request attribute: when the request came, in nanoseconds. */
    private static final String STARTED = "started";

    /** Request attribute: whether the answer is written, so that a 404 of ours is not mistaken for a missing route. */
    private static final String ANSWERED = "answered";

    private final Accounts accounts;
    private final List<String> statuses;
    private final Clock clock;
    private final CallbackPoster callbacks;
    private final BehaviourChooser chooser;
    private final Consumer<Duration> refuseConnections;
    private final AtomicInteger concurrent = new AtomicInteger();

    /** The accounts whose reads are refused as too many. */
    private final Set<String> limited = ConcurrentHashMap.newKeySet();

    final Messages messages = new Messages();
    final BoundedLog<ReceivedRequest> requests = new BoundedLog<>();

    /** @param refuseConnections must not block: it runs after an answer, on the thread that wrote it */
    MessagesApi(
            SimulatorOptions options,
            CallbackPoster callbacks,
            BehaviourChooser chooser,
            Consumer<Duration> refuseConnections) {
        this.accounts = new Accounts(options.accounts());
        this.statuses = options.statuses();
        this.clock = options.clock();
        this.callbacks = callbacks;
        this.chooser = chooser;
        this.refuseConnections = refuseConnections;
    }

    void routes(JavalinConfig config) {
        config.routes.before(this::receive);
        config.routes.post(MESSAGES, this::create);
        config.routes.post(MESSAGE, this::update);
        config.routes.delete(MESSAGE, this::delete);
        Map.<String, Handler>of(
                        MESSAGES, this::list, MESSAGE, this::read, MEDIA, this::listMedia, MEDIUM, this::readMedium)
                .forEach((path, handler) -> {
                    config.routes.get(path, handler);
                    // Javalin itself would answer 200 to every HEAD.
                    config.routes.head(path, handler);
                });
        config.routes.exception(ApiRefusal.class, (refused, context) -> refuse(context, refused));
        config.routes.error(404, this::refuseUnknownPath);
        config.routes.after(this::addHeaders);
    }

    void revoke(String keySid) {
        accounts.revoke(keySid);
    }

    void limitReads(String accountSid, boolean isLimited) {
        if (isLimited) {
            limited.add(accountSid);
        } else {
            limited.remove(accountSid);
        }
    }

    /** Forgets requests, messages and what was scripted; messages under way stop at their current status. */
    void forget() {
        chooser.reset();
        requests.clear();
        messages.all().forEach(SimulatedMessage::forget);
        messages.clear();
        callbacks.clear();
    }

    private void receive(Context context) {
        if (isControl(context)) {
            return;
        }
        concurrent.incrementAndGet();
        JettyExchanges.afterAnswer(context, concurrent::decrementAndGet);
        context.attribute(STARTED, System.nanoTime());
        requests.add(new ReceivedRequest(
                clock.instant(),
                context.method().name(),
                context.path(),
                Optional.ofNullable(context.queryString()).orElse(""),
                readableForm(context)));
    }

    private void create(Context context) throws ApiRefusal {
        var account = account(context);
        var form = form(context);
        var request = MessageRequest.of(form, clock.instant());
        var behaviour = chooser.next(form.fields());
        if (behaviour.answer().accepts()) {
            accept(context, account, request, behaviour);
        } else {
            JettyExchanges.later(context, () -> give(context, behaviour.answer()));
        }
    }

    private void accept(
            Context context, Account account, MessageRequest request, BehaviourChooser.Behaviour behaviour) {
        var answer = behaviour.answer();
        var message = new SimulatedMessage(account.sid(), request, behaviour.timedFault(), clock.instant());
        messages.add(message);
        // Written now: the answer has the first status, even if callbacks overtake it.
        if (answer.inTheEnd() instanceof SimulatedAnswer.Created created) {
            write(
                    context,
                    201,
                    created.change().apply(MessageJson.message(message)).toString());
        }
        var plan = behaviour.plan().orElseGet(() -> usualPlan(message));
        var poster = accounts.poster(account, plan.signing());
        // Only the usual callbacks wait for SendAt; a plan begins at once.
        var wait =
                behaviour.plan().isPresent() ? plan.delay() : untilSent(message).plus(plan.delay());
        Runnable late = () ->
                callbacks.after(wait).thenCompose(now -> callbacks.run(message, poster, plan.late(), plan.posted()));
        behaviour
                .timedFault()
                .filter(timedFault -> timedFault.fault() == Fault.CONNECTION_REFUSED)
                .ifPresent(timedFault ->
                        JettyExchanges.afterAnswer(context, () -> refuseConnections.accept(timedFault.time())));
        JettyExchanges.later(
                context,
                () -> callbacks
                        .run(message, poster, plan.early(), plan.posted())
                        .thenCompose(done -> {
                            if (answer.inTheEnd() instanceof SimulatedAnswer.ClosedConnection) {
                                late.run();
                            } else {
                                JettyExchanges.afterAnswer(context, late);
                            }
                            return give(context, answer);
                        }));
    }

    private CallbackPlan usualPlan(SimulatedMessage message) {
        var statuses = new ArrayList<>(message.outcome().statuses(this.statuses));
        // Twilio posts no callback for the first status.
        statuses.remove(message.status());
        return message.plan(CallbackPlan.afterAnswer(statuses.toArray(String[]::new)));
    }

    private Duration untilSent(SimulatedMessage message) {
        return message.sendAt().map(at -> Duration.between(clock.instant(), at)).orElse(Duration.ZERO);
    }

    /** Gives any answer but {@link SimulatedAnswer.Created}, which is already written. */
    private CompletableFuture<Void> give(Context context, SimulatedAnswer answer) {
        if (answer instanceof SimulatedAnswer.SlowAnswer slow) {
            return callbacks.after(slow.by()).thenCompose(now -> give(context, slow.answer()));
        }
        if (answer instanceof SimulatedAnswer.ClosedConnection closed) {
            // Nothing more happens in this exchange, so this never completes.
            return callbacks.after(closed.held()).thenCompose(now -> {
                JettyExchanges.hangUp(context);
                return new CompletableFuture<>();
            });
        }
        if (answer instanceof SimulatedAnswer.CustomAnswer custom) {
            write(context, custom.status(), custom.body());
            custom.headers().forEach(context::header);
        }
        return CompletableFuture.completedFuture(null);
    }

    private void read(Context context) throws ApiRefusal {
        write(context, 200, MessageJson.message(message(context)).toString());
    }

    private void update(Context context) throws ApiRefusal {
        var message = message(context);
        var form = form(context);
        var status = form.value("Status");
        if (status.isPresent() && !status.get().equals("canceled")) {
            throw new ApiRefusal(ApiError.INVALID_PARAMETER, "'Status' must be 'canceled'");
        }
        if (form.value("Body").isPresent()) {
            throw new ApiRefusal(ApiError.INVALID_PARAMETER, "'Body' must be empty");
        }
        if (status.isPresent()) {
            if (!message.cancel(clock.instant())) {
                throw new ApiRefusal(ApiError.TOO_LATE_TO_CANCEL);
            }
            postCanceled(message, account(context));
            if (message.fault().filter(Fault.CANCELED_THEN_CLOSED::equals).isPresent()) {
                JettyExchanges.later(context, () -> give(context, SimulatedAnswer.closeWithoutAnswer()));
                return;
            }
        } else if (!form.values("Body").isEmpty()) {
            checkSent(message);
            message.redact(clock.instant());
        }
        write(context, 200, MessageJson.message(message).toString());
    }

    private void postCanceled(SimulatedMessage message, Account account) {
        var plan = message.plan(CallbackPlan.afterAnswer("canceled"));
        if (!plan.posted() || message.statusCallback().isEmpty()) {
            return;
        }
        var poster = accounts.poster(account, plan.signing());
        var way = callbacks.after(plan.delay());
        for (var statuses : List.of(plan.early(), plan.late())) {
            for (String status : statuses) {
                way = way.thenCompose(before -> callbacks.post(message, poster, status));
            }
        }
    }

    private void delete(Context context) throws ApiRefusal {
        var message = message(context);
        checkSent(message);
        message.forget();
        messages.remove(message);
        context.attribute(ANSWERED, true);
        context.status(204);
    }

    private static void checkSent(SimulatedMessage message) throws ApiRefusal {
        if (message.isUnsent()) {
            throw new ApiRefusal(ApiError.NOT_COMPLETE);
        }
    }

    private void listMedia(Context context) throws ApiRefusal {
        write(context, 200, MessageJson.mediaList(message(context)).toString());
    }

    private void readMedium(Context context) throws ApiRefusal {
        for (var medium : MessageJson.mediaList(message(context)).get("media_list")) {
            if (context.pathParam("medium").equals(medium.get("sid").textValue() + ".json")) {
                write(context, 200, medium.toString());
                return;
            }
        }
        throw notFound(context);
    }

    private SimulatedMessage message(Context context) throws ApiRefusal {
        var account = reader(context);
        String named = context.pathParam("message");
        // Below a message its sid stands alone.
        boolean isWhole =
                context.pathParamMap().containsKey("medium") || context.path().endsWith("/Media.json");
        String sid = isWhole ? named : named.endsWith(".json") ? named.substring(0, named.length() - 5) : "";
        return messages.find(account.sid(), sid)
                .filter(found -> found.isReadable(clock.instant()))
                .orElseThrow(() -> notFound(context));
    }

    private void list(Context context) throws ApiRefusal, IOException {
        var account = reader(context);
        var query = new LinkedHashMap<String, String>();
        context.queryParamMap().forEach((name, values) -> query.put(name, values.get(0)));
        var page = messages.page(account.sid(), query);
        context.attribute(ANSWERED, true);
        context.status(200).contentType(ApiError.MEDIA_TYPE);
        // A large page is on its way before it is written to the end, and headers go first.
        addHeaders(context);
        page.write(context.outputStream());
    }

    private Account reader(Context context) throws ApiRefusal {
        var account = account(context);
        if (limited.contains(account.sid())) {
            throw new ApiRefusal(ApiError.TOO_MANY_REQUESTS);
        }
        return account;
    }

    /** The account in the path: the authenticated one, or a subaccount of it. */
    private Account account(Context context) throws ApiRefusal {
        var caller = accounts.authenticated(header(context, "Authorization"))
                .orElseThrow(() -> new ApiRefusal(ApiError.AUTHENTICATION));
        String sid = context.pathParam("account");
        if (sid.equals(caller.sid())) {
            return caller;
        }
        if (caller.mainSid().filter(sid::equals).isPresent()) {
            throw new ApiRefusal(ApiError.AUTHENTICATION);
        }
        return accounts.subaccount(caller, sid).orElseThrow(() -> notFound(context));
    }

    private static FormBody form(Context context) throws ApiRefusal {
        return FormBody.read(header(context, "Content-Type"), context.bodyAsBytes());
    }

    private static Map<String, List<String>> readableForm(Context context) {
        try {
            return form(context).fields();
        } catch (ApiRefusal unreadable) {
            return Map.of();
        }
    }

    private void refuseUnknownPath(Context context) {
        if (context.attribute(ANSWERED) == null) {
            refuse(context, notFound(context));
        }
    }

    private static ApiRefusal notFound(Context context) {
        return ApiRefusal.quoting(ApiError.NOT_FOUND, context.path());
    }

    private static void refuse(Context context, ApiRefusal refused) {
        var error = refused.error();
        if (error == ApiError.AUTHENTICATION) {
            context.header("WWW-Authenticate", "Basic realm=\"Twilio API\"");
        }
        write(context, error.httpStatus(), error.json(refused.message()));
    }

    private static void write(Context context, int status, String body) {
        context.attribute(ANSWERED, true);
        context.status(status).contentType(ApiError.MEDIA_TYPE).result(body);
    }

    private void addHeaders(Context context) {
        if (isControl(context)) {
            return;
        }
        long started = Objects.requireNonNull(context.attribute(STARTED));
        context.header("Twilio-Request-Id", "RQ" + SimulatedMessage.hex());
        context.header("Twilio-Concurrent-Requests", String.valueOf(concurrent.get()));
        context.header(
                "Twilio-Request-Duration", String.format(Locale.ROOT, "%.3f", (System.nanoTime() - started) / 1e9));
        context.header("X-Home-Region", "us1");
        context.header("X-API-Domain", "api.twilio.com");
    }

    private static boolean isControl(Context context) {
        return context.path().equals(CONTROL) || context.path().startsWith(CONTROL + "/");
    }

    private static String header(Context context, String name) {
        return Optional.ofNullable(context.header(name)).orElse("");
    }
}
