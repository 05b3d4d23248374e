package bench.naive;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.twilio.Twilio;
import com.twilio.exception.ApiException;
import com.twilio.exception.TwilioException;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** POST /tasks: claims the task, sends its SMS once, records what Twilio answered. */
public class SendHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {

    private static final Duration TIME_TO_LIVE = Duration.ofDays(30);

    private final TaskRepository repository = new TaskRepository();
    private final CallbackKeys keys = new CallbackKeys();
    private final TwilioAccount account = TwilioAccount.read();
    private final String callbackBaseUrl = System.getenv("CALLBACK_BASE_URL");

    public SendHandler() {
        Twilio.init(account.sid(), account.authToken());
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        SendRequest request;
        try {
            request = Responses.MAPPER.readValue(Responses.bodyOf(event), SendRequest.class);
        } catch (JsonProcessingException e) {
            return Responses.json(400, Map.of("code", "invalid_task"));
        }
        List<String> problems = request.problems();
        if (!problems.isEmpty()) {
            return Responses.json(400, Map.of("code", "invalid_task", "problems", problems));
        }

        String key = keys.newKey();
        Task task = newTask(request, key);
        if (!repository.insert(task)) {
            return Responses.json(409, Map.of("code", "task_conflict", "message", "This task id is taken."));
        }

        Task result = new Task();
        result.setTaskId(task.getTaskId());
        int statusCode;
        try {
            Message message = Message.creator(
                            new PhoneNumber(request.numberTo()), new PhoneNumber(request.numberFrom()), request.body())
                    .setStatusCallback(URI.create(callbackBaseUrl + "/nvp/callback/" + key + "/" + task.getTaskId()))
                    .create();
            String status = message.getStatus().toString();
            result.setSid(message.getSid());
            result.setStatus(status);
            result.setNode(MessageStatuses.node(status));
            result.setRank(MessageStatuses.rank(status));
            statusCode = 201;
        } catch (TwilioException e) {
            boolean refused = e instanceof ApiException api && api.getStatusCode() != null && api.getStatusCode() < 500;
            result.setNode("Escalation");
            result.setCode(e instanceof ApiException api ? String.valueOf(api.getCode()) : "unknown");
            result.setMessage(e.getMessage());
            statusCode = refused ? 422 : 502;
        }
        result.setUpdatedAt(Instant.now().toString());
        // A callback may have been faster: only a task without a rank is written.
        repository.update(result, 0);

        task.setSid(result.getSid());
        task.setStatus(result.getStatus());
        task.setNode(result.getNode());
        task.setCode(result.getCode());
        task.setMessage(result.getMessage());
        task.setUpdatedAt(result.getUpdatedAt());
        return Responses.json(statusCode, task);
    }

    private Task newTask(SendRequest request, String key) {
        Instant now = Instant.now();
        Task task = new Task();
        task.setTaskId(request.taskId());
        task.setNode("Calling API");
        task.setAccountSid(account.sid());
        task.setNumberTo(request.numberTo());
        task.setNumberFrom(request.numberFrom());
        task.setBody(request.body());
        task.setKeyHash(keys.hash(key));
        task.setCreatedAt(now.toString());
        task.setExpiresAt(now.plus(TIME_TO_LIVE).getEpochSecond());
        return task;
    }
}
