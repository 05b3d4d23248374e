package io.smstask.aws;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The SDK's DynamoDB client for the three calls that a cold start waits for: the same requests, answers and exceptions, with
 * {@link AwsJson} in place of the SDK's pipeline of stages, interceptors and marshallers, which takes half of a cold start
 * (docs/adr/0027). Everything else is left to the SDK's own client, which is made when it is first needed.
 */
final class LightDynamoDb implements DynamoDbClient {

    private final AwsJson dynamoDb;
    private final Duration limit;
    private final Supplier<DynamoDbClient> whole;

    /**
     * @param limit how long all attempts of a call may take together; one attempt has half of it
     * @param whole makes the SDK's client
     */
    LightDynamoDb(AwsJson dynamoDb, Duration limit, Supplier<DynamoDbClient> whole) {
        this.dynamoDb = dynamoDb;
        this.limit = limit;
        this.whole = new Once<>(whole);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("TableName", request.tableName());
        input.put("Item", ItemJson.write(request.item()));
        input.put("ConditionExpression", request.conditionExpression());
        input.put("ReturnValuesOnConditionCheckFailure", request.returnValuesOnConditionCheckFailureAsString());
        call("PutItem", input);
        return PutItemResponse.builder().build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("TableName", request.tableName());
        input.put("Key", ItemJson.write(request.key()));
        input.put("UpdateExpression", request.updateExpression());
        input.put("ConditionExpression", request.conditionExpression());
        input.put("ExpressionAttributeNames", request.expressionAttributeNames());
        if (request.hasExpressionAttributeValues()) {
            input.put("ExpressionAttributeValues", ItemJson.write(request.expressionAttributeValues()));
        }
        input.put("ReturnValuesOnConditionCheckFailure", request.returnValuesOnConditionCheckFailureAsString());
        call("UpdateItem", input);
        return UpdateItemResponse.builder().build();
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("TableName", request.tableName());
        input.put("Key", ItemJson.write(request.key()));
        input.put("ConsistentRead", request.consistentRead());
        Map<String, Object> answer = call("GetItem", input);
        GetItemResponse.Builder response = GetItemResponse.builder();
        if (answer.containsKey("Item")) {
            response.item(ItemJson.read(answer.get("Item")));
        }
        return response.build();
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return whole.get().query(request);
    }

    private Map<String, Object> call(String operation, Map<String, Object> input) {
        // A field left out is null in the SDK's request and absent in DynamoDB's JSON.
        input.values().removeIf(Objects::isNull);
        AwsJson.Answer answer = dynamoDb.callPatiently("DynamoDB_20120810." + operation, "1.0", input, limit);
        if (answer.isOk()) {
            return answer.json();
        }
        throw exception(operation, answer);
    }

    private static SdkException exception(String operation, AwsJson.Answer answer) {
        if (answer.error().equals("ConditionalCheckFailedException")) {
            ConditionalCheckFailedException.Builder refused = ConditionalCheckFailedException.builder();
            if (answer.json().containsKey("Item")) {
                refused.item(ItemJson.read(answer.json().get("Item")));
            }
            return refused.statusCode(answer.httpStatus()).build();
        }
        return answer.exception("DynamoDB " + operation);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // The HTTP client belongs to its creator.
    }
}
