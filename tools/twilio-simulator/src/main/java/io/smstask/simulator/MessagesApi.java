package io.smstask.simulator;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The HTTP side of the simulator: create, read, cancel and list messages. */
final class MessagesApi {
    /** Twilio has no such path: what is below it neither counts as a request nor gets Twilio's headers. */
    static final String CONTROL = "/_control";

    private static final String MESSAGES = "/2010-04-01/Accounts/{account}/Messages.json";
    private static final String MESSAGE = "/2010-04-01/Accounts/{account}/Messages/{message}";

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
        config.routes.get(MESSAGES, this::list);
        config.routes.get(MESSAGE, this::read);
        config.routes.post(MESSAGE, this::cancel);
        config.routes.exception(ApiRefusal.class, (refused, context) -> refuse(context, refused));
        config.routes.error(404, this::refuseUnknownPath);
        config.routes.after(this::addHeaders);
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
        var plan = behaviour.plan().orElseGet(() -> usualPlan(message, behaviour.timedFault()));
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

    private CallbackPlan usualPlan(SimulatedMessage message, Optional<TimedFault> timedFault) {
        var statuses = message.outcome().statuses(this.statuses);
        var usual = CallbackPlan.afterAnswer(statuses.toArray(String[]::new));
        return timedFault.map(it -> it.plan(usual)).orElse(usual);
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
        var account = account(context);
        String file = context.pathParam("message");
        String sid = file.endsWith(".json") ? file.substring(0, file.length() - 5) : "";
        var message = messages.find(account.sid(), sid)
                .filter(found -> found.isReadable(clock.instant()))
                .orElseThrow(() -> notFound(context));
        write(context, 200, MessageJson.message(message).toString());
    }

    /** The only change of a message that is simulated. */
    private void cancel(Context context) throws ApiRefusal {
        var account = account(context);
        String file = context.pathParam("message");
        String sid = file.endsWith(".json") ? file.substring(0, file.length() - 5) : "";
        var message = messages.find(account.sid(), sid).orElseThrow(() -> notFound(context));
        if (!form(context).fields().equals(Map.of("Status", List.of("canceled")))) {
            throw new ApiRefusal(ApiError.BAD_REQUEST);
        }
        if (!message.cancel(clock.instant())) {
            throw new ApiRefusal(ApiError.TOO_LATE_TO_CANCEL);
        }
        write(context, 200, MessageJson.message(message).toString());
        JettyExchanges.afterAnswer(context, () -> callbacks.run(message, account, List.of("canceled"), true));
    }

    private void list(Context context) throws ApiRefusal, IOException {
        var account = account(context);
        var query = new LinkedHashMap<String, String>();
        context.queryParamMap().forEach((name, values) -> query.put(name, values.get(0)));
        var page = messages.page(account.sid(), query);
        context.attribute(ANSWERED, true);
        context.status(200).contentType(ApiError.MEDIA_TYPE);
        // A large page is on its way before it is written to the end, and headers go first.
        addHeaders(context);
        page.write(context.outputStream());
    }

    /** The authenticated account, which must be the one in the path. */
    private Account account(Context context) throws ApiRefusal {
        var account = accounts.authenticated(header(context, "Authorization"))
                .orElseThrow(() -> new ApiRefusal(ApiError.AUTHENTICATION));
        if (!account.sid().equals(context.pathParam("account"))) {
            throw notFound(context);
        }
        return account;
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
