// POST /nvp/callback/{callback_key}/{task_id}: checks Twilio's signature and applies the status.
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
// Not from "twilio": its index also loads the REST client.
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import { twilioAccount } from "./account.mjs";
import { bodyOf, json } from "./http.mjs";
import { matches } from "./key.mjs";
import { ceilingOf, nodeOf, rankOf } from "./status.mjs";

const { TASKS_TABLE, PRIME } = process.env;

const dynamo = new DynamoDBClient({});

const atInit = [twilioAccount()];
if (PRIME === "1") {
  atInit.push(dynamo.send(new GetItemCommand({ TableName: TASKS_TABLE, Key: { task_id: { S: "prime" } } })));
}
// A failure here must not fail the start: the call itself will tell.
await Promise.allSettled(atInit);

async function find(taskId) {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: TASKS_TABLE, Key: { task_id: { S: taskId } }, ConsistentRead: true }),
  );
  return Item;
}

async function apply(taskId, { MessageSid, MessageStatus, ErrorCode }) {
  const values = {
    ":sid": { S: MessageSid },
    ":status": { S: MessageStatus },
    ":node": { S: nodeOf(MessageStatus) },
    ":rank": { N: String(rankOf(MessageStatus)) },
    ":ceiling": { N: String(ceilingOf(MessageStatus)) },
    ":now": { S: new Date().toISOString() },
  };
  if (ErrorCode) {
    values[":code"] = { S: ErrorCode };
  }
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: TASKS_TABLE,
        Key: { task_id: { S: taskId } },
        UpdateExpression:
          "SET sid = :sid, #status = :status, #node = :node, #rank = :rank, updated_at = :now" + (ErrorCode ? ", code = :code" : ""),
        ConditionExpression: "attribute_exists(task_id) AND (attribute_not_exists(#rank) OR #rank < :ceiling)",
        ExpressionAttributeNames: { "#status": "status", "#node": "node", "#rank": "rank" },
        ExpressionAttributeValues: values,
      }),
    );
  } catch (error) {
    // It is late: a higher status has been here.
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
  }
}

export async function handler(event) {
  const { callback_key, task_id } = event.pathParameters;
  const task = await find(task_id);
  if (!task || !matches(callback_key, task.key_hash.S)) {
    return json(404, { code: "no_such_task" });
  }
  const form = Object.fromEntries(new URLSearchParams(bodyOf(event)));
  const url = `https://${event.requestContext.domainName}${event.rawPath}`;
  const { AuthToken } = await twilioAccount();
  if (!validateRequest(AuthToken, event.headers["x-twilio-signature"] ?? "", url, form)) {
    return json(403, { code: "forged" });
  }
  if (!form.MessageSid || !form.MessageStatus) {
    return json(400, { code: "not_parsable" });
  }
  await apply(task_id, form);
  return { statusCode: 204 };
}
