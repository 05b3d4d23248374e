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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a call's parameters and names everything that is wrong with them at once. It refuses only what Twilio would surely
 * refuse, or would silently do otherwise; the shape of a number is Twilio's to judge.
 *
 * @see <a href="https://www.twilio.com/docs/messaging/api/message-resource#create-a-message">Twilio: create a message</a>
 */
final class SendParameters {

    static final int MAX_CONTEXT_BYTES = 2048;

    private static final int MAX_MEDIA = 10;
    private static final int MAX_NAME_SHOWN = 64;
    /** A phone number or a token has more, a name hardly. */
    private static final int MAX_DIGITS_SHOWN = 4;

    private static final String SEND_AT = "SendAt";
    private static final String SCHEDULE_TYPE = "ScheduleType";
    private static final String MEDIA_URL = "MediaUrl";
    private static final String CONTENT_SID = "ContentSid";

    /** The names that the original's page prints, beside those that its process uses. */
    private static final Map<String, String> OTHER_SPELLINGS =
            Map.of("Number_to", Wire.NUMBER_TO, "Number_from", Wire.NUMBER_FROM, "Body", Wire.BODY);

    private static final Set<String> OWN = Set.of(
            Wire.ACCOUNT_SID, Wire.AUTH_TOKEN, Wire.NUMBER_TO, Wire.NUMBER_FROM, Wire.BODY, Wire.TASK_ID, Wire.CONTEXT);

    /** Twilio's further parameters, passed through under Twilio's names. */
    private static final List<String> FURTHER = List.of(
            Wire.MESSAGING_SERVICE_SID,
            MEDIA_URL,
            CONTENT_SID,
            "ContentVariables",
            "ValidityPeriod",
            SCHEDULE_TYPE,
            SEND_AT,
            "SmartEncoded",
            "ShortenUrls",
            "SendAsMms",
            "RiskCheck",
            "ContentRetention",
            "AddressRetention",
            "FallbackFrom");

    private static final Set<String> BOOLEANS = Set.of("SmartEncoded", "ShortenUrls", "SendAsMms");
    private static final Set<String> INTEGERS = Set.of("ValidityPeriod");

    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, @Nullable Object> given = new LinkedHashMap<>();

    private SendParameters() {}

    /**
     * Checks and reads a call that came over HTTP.
     *
     * @param json the call's JSON object
     * @param idempotencyKey the header of that name, which may carry the task id
     * @param otherwise the task id where the caller gives none
     * @throws InvalidTask with every problem, if there is any
     */
    static SendCommand read(Map<String, Object> json, Optional<String> idempotencyKey, TaskId otherwise) {
        return new SendParameters().command(json, idempotencyKey, otherwise);
    }

    /**
     * Checks and reads a direct call. The state machine hands over what a stranger put into an execution, and beside it a
     * task id of its own: only there does an empty {@code task_id} count as left out.
     *
     * @param otherwise the task id where neither caller nor execution gives one
     * @throws InvalidTask with every problem, if there is any
     */
    static SendCommand readDirect(Map<String, Object> json, TaskId otherwise) {
        SendParameters parameters = new SendParameters();
        if (!json.containsKey(Wire.EXECUTION_TASK_ID)) {
            return parameters.command(json, Optional.empty(), otherwise);
        }
        Map<String, Object> input = new LinkedHashMap<>(json);
        Object ofExecution = input.remove(Wire.EXECUTION_TASK_ID);
        Object asked = input.get(Wire.TASK_ID);
        if (asked == null || asked.equals("")) {
            input.remove(Wire.TASK_ID);
        }
        if (ofExecution instanceof String id && TaskId.isValid(id)) {
            return parameters.command(input, Optional.empty(), new TaskId(id));
        }
        parameters.wrong(Wire.EXECUTION_TASK_ID, "must match " + TaskId.FORMAT);
        return parameters.command(input, Optional.empty(), otherwise);
    }

    private SendCommand command(Map<String, Object> json, Optional<String> idempotencyKey, TaskId otherwise) {
        for (Map.Entry<String, Object> parameter : json.entrySet()) {
            take(parameter.getKey(), parameter.getValue());
        }
        Optional<String> account = text(Wire.ACCOUNT_SID);
        Optional<String> authToken = text(Wire.AUTH_TOKEN);
        Optional<String> to = address(Wire.NUMBER_TO);
        Optional<String> from = address(Wire.NUMBER_FROM);
        Optional<String> body = text(Wire.BODY);
        Map<String, List<String>> further = further();
        Optional<String> id = taskId(idempotencyKey);
        Optional<String> context = context();

        if (account.isPresent() && !AccountSid.isValid(account.get())) {
            wrong(Wire.ACCOUNT_SID, "must be AC and 32 hexadecimal digits");
        }
        if (authToken.isPresent() && account.isEmpty() && !isWrong(Wire.ACCOUNT_SID)) {
            wrong(Wire.ACCOUNT_SID, "is required with an AuthToken");
        }
        if (to.isEmpty() && !isWrong(Wire.NUMBER_TO)) {
            wrong(Wire.NUMBER_TO, "is required: the recipient's number with + and the country code");
        }
        if (body.isPresent() && new MessageText(body.get()).codePoints() > MessageText.MAX_CODE_POINTS) {
            wrong(Wire.BODY, "must have at most " + MessageText.MAX_CODE_POINTS + " characters");
        }
        // Twilio takes a messaging service in From as well; here it has one place.
        if (from.isPresent() && TwilioSid.isValid("MG", from.get())) {
            List<String> service = List.of(from.get());
            if (!further.getOrDefault(Wire.MESSAGING_SERVICE_SID, service).equals(service)) {
                wrong(Wire.MESSAGING_SERVICE_SID, "differs from the messaging service in number_from");
            }
            further.put(Wire.MESSAGING_SERVICE_SID, service);
            from = Optional.empty();
        }
        checkSender(from, further);
        checkContent(body, further);
        if (!problems.isEmpty()) {
            throw new InvalidTask(problems);
        }
        return new SendCommand(
                id.map(TaskId::new).orElse(otherwise),
                account.map(AccountSid::new),
                authToken.map(AuthToken::new),
                new PhoneNumber(to.orElse("")),
                from.map(PhoneNumber::new),
                body.map(MessageText::new),
                further,
                context);
    }

    /**
     * Puts a parameter under its canonical name. Null and an empty text count as left out, as Twilio counts them; not so the
     * task id, of which the caller believes then that he gave one.
     */
    private void take(String name, @Nullable Object value) {
        String canonical = OTHER_SPELLINGS.getOrDefault(name, name);
        if (!OWN.contains(canonical) && !FURTHER.contains(canonical)) {
            wrong(shown(name), "is not a parameter");
        } else if (canonical.equals(Wire.TASK_ID) || value != null && !value.equals("")) {
            Object before = given.putIfAbsent(canonical, value);
            if (before != null && !Objects.equals(before, value)) {
                wrong(canonical, "is given in both spellings, and they differ");
            }
        }
    }

    /** Callers mix up names and values, and Lambda logs this: only what looks like a name is told. */
    private static String shown(String name) {
        boolean looksLikeName = name.matches("[A-Za-z_][A-Za-z0-9_.-]*") && name.length() <= MAX_NAME_SHOWN;
        boolean looksLikeNumber = name.chars().filter(Character::isDigit).count() > MAX_DIGITS_SHOWN;
        return looksLikeName && !looksLikeNumber ? name : "(a name of " + name.length() + " characters)";
    }

    private void checkSender(Optional<String> from, Map<String, List<String>> further) {
        boolean hasService = further.containsKey(Wire.MESSAGING_SERVICE_SID);
        if (hasService) {
            checkSid(further, Wire.MESSAGING_SERVICE_SID, "MG");
        } else if (!isWrong(Wire.MESSAGING_SERVICE_SID)) {
            if (from.isEmpty() && !isWrong(Wire.NUMBER_FROM)) {
                wrong(Wire.NUMBER_FROM, "is required, or MessagingServiceSid");
            }
            for (String name : List.of(SCHEDULE_TYPE, SEND_AT)) {
                if (further.containsKey(name)) {
                    wrong(name, "needs MessagingServiceSid: without it Twilio would send at once");
                }
            }
        }
    }

    private void checkContent(Optional<String> body, Map<String, List<String>> further) {
        boolean hasContent = body.isPresent() || further.containsKey(MEDIA_URL) || further.containsKey(CONTENT_SID);
        if (!hasContent && !isWrong(Wire.BODY) && !isWrong(MEDIA_URL) && !isWrong(CONTENT_SID)) {
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

    private Optional<String> taskId(Optional<String> idempotencyKey) {
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
                text(name).ifPresent(value -> further.put(name, List.of(value)));
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
            wrong(MEDIA_URL, "must be a text, or a list of at most " + MAX_MEDIA + " texts");
            return List.of();
        }
        return urls;
    }

    private Optional<String> address(String name) {
        Optional<String> address = text(name);
        if (address.isPresent() && address.get().chars().anyMatch(Character::isISOControl)) {
            wrong(name, "must not hold control characters");
        }
        return address;
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
        return INTEGERS.contains(name) ? "a whole number" : "a text";
    }

    private void wrong(String field, String message) {
        problems.add(new Problem(field, message));
    }

    private boolean isWrong(String field) {
        return problems.stream().anyMatch(problem -> problem.field().equals(field));
    }
}
