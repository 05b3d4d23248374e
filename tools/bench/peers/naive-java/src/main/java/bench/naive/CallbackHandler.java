package bench.naive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.twilio.security.RequestValidator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** POST /nvp/callback/{callback_key}/{task_id}: checks Twilio's signature and applies the status. */
public class CallbackHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private final TaskRepository repository = new TaskRepository();
    private final CallbackKeys keys = new CallbackKeys();
    private final RequestValidator validator = new RequestValidator(TwilioAccount.read().authToken());

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        String key = event.getPathParameters().get("callback_key");
        String taskId = event.getPathParameters().get("task_id");
        Optional<Task> task = repository.find(taskId).filter(found -> keys.matches(key, found.getKeyHash()));
        if (task.isEmpty()) {
            return Responses.json(404, Map.of("code", "no_such_task"));
        }

        Map<String, String> form = parseForm(Responses.bodyOf(event));
        String url = "https://" + event.getRequestContext().getDomainName() + event.getRawPath();
        String signature = event.getHeaders().getOrDefault("x-twilio-signature", "");
        if (!validator.validate(url, form, signature)) {
            return Responses.json(403, Map.of("code", "forged"));
        }

        String status = form.get("MessageStatus");
        if (status == null || !form.containsKey("MessageSid")) {
            return Responses.json(400, Map.of("code", "not_parsable"));
        }
        Task changes = new Task();
        changes.setTaskId(taskId);
        changes.setSid(form.get("MessageSid"));
        changes.setStatus(status);
        changes.setNode(MessageStatuses.node(status));
        changes.setRank(MessageStatuses.rank(status));
        changes.setCode(form.get("ErrorCode"));
        changes.setUpdatedAt(Instant.now().toString());
        repository.update(changes, MessageStatuses.ceiling(status));
        return APIGatewayV2HTTPResponse.builder().withStatusCode(204).build();
    }

    private static Map<String, String> parseForm(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length == 2 ? parts[1] : "";
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return form;
    }
}
