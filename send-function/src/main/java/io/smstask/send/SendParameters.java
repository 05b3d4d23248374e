package io.smstask.send;

import io.smstask.json.Json;
import io.smstask.lambda.Wire;
import io.smstask.task.AccountSid;
import io.smstask.task.AuthToken;
import io.smstask.task.MessageText;
import io.smstask.task.PhoneNumber;
import io.smstask.task.TaskId;
import io.smstask.task.TwilioSid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a call's parameters and reports all problems at once. It refuses only what Twilio would surely refuse, or
 * silently do differently; only Twilio judges the form of a number.
 *
 * @see
 *     <a href="https://www.twilio.com/docs/messaging/api/message-resource#create-a-message">Twilio: create a message</a>
 */
final class SendParameters {

    static final int MAX_CONTEXT_BYTES = 2048;

    private static final String AWS_NAMES = "AWS_STEP_FUNCTIONS_";

    private static final int MAX_MEDIA = 10;
    private static final int MAX_NAME_SHOWN = 64;
    /** Phone numbers and tokens have more, names hardly ever. */
    private static final int MAX_DIGITS_SHOWN = 4;

    private static final String SEND_AT = "SendAt";
    private static final String SCHEDULE_TYPE = "ScheduleType";
    private static final String MEDIA_URL = "MediaUrl";
    private static final String CONTENT_SID = "ContentSid";
    private static final String CONTENT_VARIABLES = "ContentVariables";
    private static final String SHORTEN_URLS = "ShortenUrls";

    /** Spellings printed on the original's page, beside those that its process uses. */
    private static final Map<String, String> OTHER_SPELLINGS =
            Map.of("Number_to", Wire.NUMBER_TO, "Number_from", Wire.NUMBER_FROM, "Body", Wire.BODY);

    private static final List<String> OWN = List.of(
            Wire.ACCOUNT_SID,
            Wire.AUTH_TOKEN,
            Wire.SIGNING_AUTH_TOKEN,
            Wire.NUMBER_TO,
            Wire.NUMBER_FROM,
            Wire.BODY,
            Wire.TASK_ID,
            Wire.CONTEXT);

    /** Twilio's further parameters, passed through under Twilio's names. */
    private static final List<String> FURTHER = List.of(
            Wire.MESSAGING_SERVICE_SID,
            MEDIA_URL,
            CONTENT_SID,
            CONTENT_VARIABLES,
            "ValidityPeriod",
            SCHEDULE_TYPE,
            SEND_AT,
            "SmartEncoded",
            SHORTEN_URLS,
            "SendAsMms",
            "RiskCheck",
            "ContentRetention",
            "AddressRetention",
            "FallbackFrom");

    private static final Set<String> BOOLEANS = Set.of("SmartEncoded", SHORTEN_URLS, "SendAsMms");
    private static final Set<String> INTEGERS = Set.of("ValidityPeriod");

    /** Twilio's names for parameters with another name here, as {@link #plain} writes them. */
    private static final Map<String, String> TWILIOS = Map.of("to", Wire.NUMBER_TO, "from", Wire.NUMBER_FROM);

    private final List<Problem> problems = new ArrayList<>();
    /** Parameters that a wrong name probably meant. */
    private final Set<String> meant = new HashSet<>();

    private final Map<String, @Nullable Object> given = new LinkedHashMap<>();

    private Optional<String> idempotencyKey = Optional.empty();

    private SendParameters() {}

    /**
     * Checks and reads a call that came over HTTP.
     *
     * @param json the call's JSON object
     * @param otherwise the task id if the caller gives none
     * @throws InvalidTask with every problem, if there is any
     */
    static SendCommand read(Map<String, Object> json, TaskId otherwise) {
        return new SendParameters().command(json, otherwise);
    }

    /**
     * As above, for a call with the header {@code Idempotency-Key}.
     *
     * @param idempotencyKey the header's value, which may carry the task id
     */
    static SendCommand read(Map<String, Object> json, String idempotencyKey, TaskId otherwise) {
        SendParameters parameters = new SendParameters();
        parameters.idempotencyKey = Optional.of(idempotencyKey);
        return parameters.command(json, otherwise);
    }

    /**
     * Checks and reads a direct call. The state machine passes on an execution's input, which anybody may have written,
     * and a task id of its own beside it. Only there an empty {@code task_id} counts as left out.
     *
     * @param otherwise the task id if neither caller nor execution gives one
     * @throws InvalidTask with every problem, if there is any
     */
    static SendCommand readDirect(Map<String, Object> json, TaskId otherwise) {
        SendParameters parameters = new SendParameters();
        if (!json.containsKey(Wire.EXECUTION_TASK_ID)) {
            return parameters.command(json, otherwise);
        }
        Map<String, Object> input = new LinkedHashMap<>(json);
        Object ofExecution = input.remove(Wire.EXECUTION_TASK_ID);
        Object asked = input.get(Wire.TASK_ID);
        if (asked == null || asked.equals("")) {
            input.remove(Wire.TASK_ID);
        }
        if (ofExecution instanceof String id && TaskId.isValid(id)) {
            return parameters.command(input, new TaskId(id));
        }
        parameters.wrong(Wire.EXECUTION_TASK_ID, "must match " + TaskId.FORMAT);
        return parameters.command(input, otherwise);
    }

    /**
     * Checks and reads a message of the queue. It must name its task: SQS delivers a message more than once, and under
     * another id after a redrive. It must not hold a token, since whoever may read a queue sees it.
     *
     * @throws InvalidTask with every problem, if there is any
     */
    static SendCommand readQueued(Map<String, Object> json) {
        SendParameters parameters = new SendParameters();
        Map<String, Object> call = withoutAwsNames(json);
        if (!call.containsKey(Wire.TASK_ID)) {
            parameters.wrong(Wire.TASK_ID, "is required in a message");
        }
        for (String token : List.of(Wire.AUTH_TOKEN, Wire.SIGNING_AUTH_TOKEN)) {
            Object value = call.remove(token);
            if (value != null && !value.equals("")) {
                parameters.wrong(token, "must not be in a message");
            }
        }
        // Nobody gets this id: without one of its own the call is refused.
        return parameters.command(call, new TaskId("none"));
    }

    /** AWS recommends such a name in the input of an execution that another one starts. */
    static Map<String, Object> withoutAwsNames(Map<String, Object> json) {
        Map<String, Object> call = new LinkedHashMap<>();
        for (Map.Entry<String, Object> member : json.entrySet()) {
            if (!member.getKey().startsWith(AWS_NAMES)) {
                call.put(member.getKey(), member.getValue());
            }
        }
        return call;
    }

    private SendCommand command(Map<String, Object> json, TaskId otherwise) {
        for (Map.Entry<String, Object> parameter : json.entrySet()) {
            take(parameter.getKey(), parameter.getValue());
        }
        Optional<String> account = text(Wire.ACCOUNT_SID);
        Optional<String> authToken = text(Wire.AUTH_TOKEN);
        Optional<String> signingAuthToken = text(Wire.SIGNING_AUTH_TOKEN);
        Optional<String> to = address(Wire.NUMBER_TO);
        Optional<String> from = address(Wire.NUMBER_FROM);
        Optional<String> body = text(Wire.BODY);
        Map<String, List<String>> further = further();
        Optional<String> id = taskId();
        Optional<String> context = context();

        if (account.isPresent() && !AccountSid.isValid(account.get())) {
            wrong(Wire.ACCOUNT_SID, "must be AC and 32 hexadecimal digits");
        }
        if (authToken.isPresent() && account.isEmpty() && !isWrong(Wire.ACCOUNT_SID)) {
            wrong(Wire.ACCOUNT_SID, "is required with an AuthToken");
        }
        if (signingAuthToken.isPresent() && authToken.isEmpty() && !isWrong(Wire.AUTH_TOKEN)) {
            wrong(Wire.SIGNING_AUTH_TOKEN, "needs AuthToken: it is the other token of that account");
        }
        if (to.isEmpty() && !isWrong(Wire.NUMBER_TO)) {
            wrong(Wire.NUMBER_TO, "is required: the recipient's number with + and the country code");
        }
        if (body.isPresent() && new MessageText(body.get()).codePoints() > MessageText.MAX_CODE_POINTS) {
            wrong(Wire.BODY, "must have at most " + MessageText.MAX_CODE_POINTS + " characters");
        }
        // Twilio also accepts a messaging service in From; here it has one place.
        if (from.isPresent() && TwilioSid.isValid("MG", from.get())) {
            List<String> service = List.of(from.get());
            if (!further.getOrDefault(Wire.MESSAGING_SERVICE_SID, service).equals(service)) {
                wrong(Wire.MESSAGING_SERVICE_SID, "differs from the messaging service in number_from");
            }
            further.put(Wire.MESSAGING_SERVICE_SID, service);
            from = Optional.empty();
        }
        checkSender(from.isPresent(), further);
        checkContent(body.isPresent(), further);
        if (!problems.isEmpty()) {
            throw new InvalidTask(problems);
        }
        return new SendCommand(
                id.isPresent() ? new TaskId(id.get()) : otherwise,
                account.isPresent() ? Optional.of(new AccountSid(account.get())) : Optional.empty(),
                authToken.isPresent() ? Optional.of(new AuthToken(authToken.get())) : Optional.empty(),
                signingAuthToken.isPresent() ? Optional.of(new AuthToken(signingAuthToken.get())) : Optional.empty(),
                new PhoneNumber(to.orElse("")),
                from.isPresent() ? Optional.of(new PhoneNumber(from.get())) : Optional.empty(),
                body.isPresent() ? Optional.of(new MessageText(body.get())) : Optional.empty(),
                further,
                context);
    }

    /**
     * Stores a parameter under its canonical name. Null and an empty text count as left out, as with Twilio; but an
     * empty task id is refused, since its caller believes that it is set.
     */
    private void take(String name, @Nullable Object value) {
        String canonical = OTHER_SPELLINGS.getOrDefault(name, name);
        if (!OWN.contains(canonical) && !FURTHER.contains(canonical)) {
            unknown(name);
        } else if (!Json.isWellFormed(value)) {
            // UTF-8 cannot encode it: Twilio would get a question mark.
            wrong(canonical, "must not contain half of a surrogate pair, or a number with so large an exponent");
        } else if (canonical.equals(Wire.TASK_ID) || value != null && !value.equals("")) {
            Object before = given.putIfAbsent(canonical, value);
            if (before != null && !Objects.equals(before, value)) {
                wrong(canonical, "is given in both spellings with different values");
            }
        }
    }

    /** Callers mix up names and values, and Lambda logs this: only what looks like a name is quoted. */
    private void unknown(String name) {
        boolean looksLikeName = name.matches("[A-Za-z_][A-Za-z0-9_.-]*") && name.length() <= MAX_NAME_SHOWN;
        boolean looksLikeNumber = name.replaceAll("[^0-9]", "").length() > MAX_DIGITS_SHOWN;
        if (!looksLikeName || looksLikeNumber) {
            wrong("(a name of " + name.length() + " characters)", "is not a parameter");
            return;
        }
        Optional<String> nearest = nearest(name);
        wrong(name, "is not a parameter" + (nearest.isPresent() ? "; did you mean " + nearest.get() + "?" : ""));
        if (nearest.isPresent()) {
            meant.add(nearest.get());
        }
    }

    /**
     * The parameter that was probably meant: the same name in another spelling, or one that differs in a few letters.
     */
    private static Optional<String> nearest(String name) {
        String plain = plain(name);
        Optional<String> nearest = Optional.ofNullable(TWILIOS.get(plain));
        int limit = nearest.isPresent() ? 0 : plain.length() < 6 ? 1 : plain.length() < 12 ? 2 : 3;
        for (List<String> names : List.of(OWN, FURTHER)) {
            for (String known : names) {
                int distance = distance(plain, plain(known));
                if (distance <= limit) {
                    nearest = Optional.of(known);
                    limit = distance - 1;
                }
            }
        }
        return nearest;
    }

    private static String plain(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** How many letters must be added, dropped or changed to make one of the other (Levenshtein's distance). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j - 1], diagonal) + 1);
            }
        }
        return row[other.length()];
    }

    /** If half of a group is missing, Twilio accepts the call and does something else. */
    private void checkSender(boolean hasFrom, Map<String, List<String>> further) {
        boolean hasService = further.containsKey(Wire.MESSAGING_SERVICE_SID) || isWrong(Wire.MESSAGING_SERVICE_SID);
        if (further.containsKey(Wire.MESSAGING_SERVICE_SID)) {
            checkSid(further, Wire.MESSAGING_SERVICE_SID, "MG");
        }
        boolean isScheduled = further.containsKey(SEND_AT) || further.containsKey(SCHEDULE_TYPE);
        if (isScheduled) {
            checkSchedule(hasService, further);
        }
        boolean isShortened =
                !further.getOrDefault(SHORTEN_URLS, List.of("false")).get(0).equalsIgnoreCase("false");
        if (isShortened && !hasService) {
            wrong(SHORTEN_URLS, "needs MessagingServiceSid: without it Twilio shortens nothing");
        }
        boolean isToldAlready = isScheduled || isShortened || isWrong(Wire.NUMBER_FROM);
        if (!hasFrom && !hasService && !isToldAlready) {
            wrong(Wire.NUMBER_FROM, "is required, or MessagingServiceSid");
        }
    }

    private void checkSchedule(boolean hasService, Map<String, List<String>> further) {
        String half = further.containsKey(SEND_AT) ? SEND_AT : SCHEDULE_TYPE;
        String otherHalf = half.equals(SEND_AT) ? SCHEDULE_TYPE : SEND_AT;
        List<String> missing = new ArrayList<>();
        if (!further.containsKey(otherHalf) && !isWrong(otherHalf)) {
            missing.add(otherHalf);
        }
        if (!hasService) {
            missing.add(Wire.MESSAGING_SERVICE_SID);
        }
        if (!missing.isEmpty()) {
            wrong(
                    half,
                    "needs " + String.join(" and ", missing)
                            + ": Twilio schedules only with ScheduleType, SendAt and MessagingServiceSid together");
        }
    }

    private void checkContent(boolean hasBody, Map<String, List<String>> further) {
        boolean hasTemplate = further.containsKey(CONTENT_SID) || isWrong(CONTENT_SID);
        boolean hasContent = hasBody || further.containsKey(MEDIA_URL) || hasTemplate;
        if (further.containsKey(CONTENT_VARIABLES) && !hasTemplate) {
            wrong(CONTENT_VARIABLES, "needs ContentSid, the template to fill");
        } else if (!hasContent && !isWrong(Wire.BODY) && !isWrong(MEDIA_URL)) {
            wrong(Wire.BODY, "is required, or MediaUrl, or ContentSid");
        }
        if (further.containsKey(CONTENT_SID)) {
            checkSid(further, CONTENT_SID, "HX");
        }
    }

    private void checkSid(Map<String, List<String>> further, String name, String kind) {
        if (!TwilioSid.isValid(kind, further.get(name).get(0)) && !isWrong(name)) {
            wrong(name, "must be " + kind + " and 32 hexadecimal digits");
        }
    }

    private Optional<String> taskId() {
        Object value = given.get(Wire.TASK_ID);
        Optional<String> id = value instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
        if (given.containsKey(Wire.TASK_ID) && (id.isEmpty() || !TaskId.isValid(id.get()))) {
            wrong(Wire.TASK_ID, "must match " + TaskId.FORMAT + ", or be left out");
        }
        if (idempotencyKey.isPresent() && !TaskId.isValid(idempotencyKey.get())) {
            wrong("Idempotency-Key", "must match " + TaskId.FORMAT);
        }
        if (id.isPresent() && idempotencyKey.isPresent() && !id.equals(idempotencyKey)) {
            wrong(Wire.TASK_ID, "differs from the header Idempotency-Key");
        }
        return id.isPresent() ? id : idempotencyKey;
    }

    private Optional<String> context() {
        Object value = given.get(Wire.CONTEXT);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof Map<?, ?> map)) {
            wrong(Wire.CONTEXT, "must be a JSON object");
            return Optional.empty();
        }
        String text = Json.writeText(Map.of(Wire.CONTEXT, map));
        text = text.substring(text.indexOf(':') + 1, text.length() - 1);
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_CONTEXT_BYTES) {
            wrong(Wire.CONTEXT, "must be at most " + MAX_CONTEXT_BYTES + " bytes of JSON");
        }
        return Optional.of(text);
    }

    private Map<String, List<String>> further() {
        Map<String, List<String>> further = new HashMap<>();
        for (String name : FURTHER) {
            if (name.equals(MEDIA_URL)) {
                List<String> urls = mediaUrls();
                if (!urls.isEmpty()) {
                    further.put(name, urls);
                }
            } else {
                Optional<String> value = text(name);
                if (value.isPresent()) {
                    further.put(name, List.of(value.get()));
                }
            }
        }
        return further;
    }

    private List<String> mediaUrls() {
        Object value = given.get(MEDIA_URL);
        List<?> list = value instanceof List<?> several ? several : value == null ? List.of() : List.of(value);
        List<String> urls = new ArrayList<>();
        for (Object url : list) {
            if (url instanceof String text && !text.isEmpty()) {
                urls.add(text);
            }
        }
        if (urls.size() != list.size() || urls.size() > MAX_MEDIA) {
            wrong(MEDIA_URL, "must be a string, or a list of at most " + MAX_MEDIA + " strings");
            return List.of();
        }
        return urls;
    }

    private Optional<String> address(String name) {
        Optional<String> address = text(name);
        if (address.isPresent() && hasControls(address.get())) {
            wrong(name, "must not contain control characters");
        }
        return address;
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> text(String name) {
        Object value = given.get(name);
        if (value instanceof String text) {
            return Optional.of(text);
        }
        boolean fits = value instanceof Boolean && BOOLEANS.contains(name)
                || (value instanceof Integer || value instanceof Long) && INTEGERS.contains(name);
        if (value != null && !fits) {
            wrong(name, "must be " + expected(name));
        }
        return fits ? Optional.of(String.valueOf(value)) : Optional.empty();
    }

    private static String expected(String name) {
        if (BOOLEANS.contains(name)) {
            return "true or false";
        }
        return INTEGERS.contains(name) ? "a whole number" : "a string";
    }

    private void wrong(String field, String message) {
        problems.add(new Problem(field, message));
    }

    /** Whether the field, or what was probably meant for it, has a problem already. */
    private boolean isWrong(String field) {
        if (meant.contains(field)) {
            return true;
        }
        for (Problem problem : problems) {
            if (problem.field().equals(field)) {
                return true;
            }
        }
        return false;
    }
}
