// POST /tasks: claims the task, sends its SMS once, records what Twilio answered.
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
// Not "twilio" itself: it holds all of Twilio's products, 4 MB of bundle where one megabyte does.
import RequestClient from "twilio/lib/base/RequestClient.js";
import Api from "twilio/lib/rest/Api.js";
import BaseTwilio from "twilio/lib/base/BaseTwilio.js";
import { twilioAccount } from "./account.mjs";
import { bodyOf, json } from "./http.mjs";
import { hashOf, newKey } from "./key.mjs";
import { nodeOf, rankOf } from "./status.mjs";

const { CALLBACK_BASE_URL, TASKS_TABLE, PRIME } = process.env;
const TTL_SECONDS = 30 * 24 * 3600;

const dynamo = new DynamoDBClient({});
const httpClient = new RequestClient({ timeout: 10_000 });

const atInit = [twilioAccount()];
if (PRIME === "1") {
  atInit.push(dynamo.send(new GetItemCommand({ TableName: TASKS_TABLE, Key: { task_id: { S: "prime" } } })));
  atInit.push(httpClient.request({ method: "GET", uri: "https://api.twilio.com/2010-04-01" }));
}
// A failure here must not fail the start: the call itself will tell.
await Promise.allSettled(atInit);

const RULES = {
  task_id: /^[A-Za-z0-9_-]{1,64}$/,
  number_to: /^\+[1-9][0-9]{6,14}$/,
  number_from: /^\+[1-9][0-9]{6,14}$/,
  body: /^[^]{1,1600}$/u,
};

function problemsOf(task) {
  return Object.entries(RULES)
    .filter(([field, rule]) => typeof task?.[field] !== "string" || !rule.test(task[field]))
    .map(([field]) => ({ field, message: "is missing or wrong" }));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the task id is ours now. */
async function claim(task, accountSid, key, now) {
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: TASKS_TABLE,
        Item: {
          task_id: { S: task.task_id },
          node: { S: "Calling API" },
          account_sid: { S: accountSid },
          number_to: { S: task.number_to },
          number_from: { S: task.number_from },
          body: { S: task.body },
          key_hash: { S: hashOf(key) },
          created_at: { S: now.toISOString() },
          expires_at: { N: String(Math.floor(now.getTime() / 1000) + TTL_SECONDS) },
        },
        ConditionExpression: "attribute_not_exists(task_id)",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return false;
    }
    throw error;
  }
}

async function record(taskId, changes) {
  const names = Object.keys(changes);
  await dynamo.send(
    new UpdateItemCommand({
      TableName: TASKS_TABLE,
      Key: { task_id: { S: taskId } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
      // A callback may have been faster.
      ConditionExpression: "attribute_exists(task_id) AND attribute_not_exists(#rank)",
      ExpressionAttributeNames: { "#rank": "rank", ...Object.fromEntries(names.map((name) => [`#${name}`, name])) },
      ExpressionAttributeValues: Object.fromEntries(
        names.map((name) => [`:${name}`, typeof changes[name] === "number" ? { N: String(changes[name]) } : { S: changes[name] }]),
      ),
    }),
  ).catch((error) => {
    if (!(error instanceof ConditionalCheckFailedException)) {
      throw error;
    }
  });
}

export async function handler(event) {
  const task = parse(bodyOf(event));
  const problems = problemsOf(task);
  if (problems.length > 0) {
    return json(400, { code: "invalid_task", problems });
  }
  const { task_id, number_to, number_from, body } = task;
  const { AccountSid, AuthToken } = await twilioAccount();
  const key = newKey();
  const now = new Date();
  if (!(await claim(task, AccountSid, key, now))) {
    return json(409, { code: "task_conflict", message: "This task id is taken." });
  }
  const shown = { task_id, AccountSid, number_to, number_from, body, created_at: now.toISOString() };
  let message;
  try {
    message = await new Api(new BaseTwilio.Client(AccountSid, AuthToken, { httpClient })).account.messages.create({
      to: number_to,
      from: number_from,
      body,
      statusCallback: `${CALLBACK_BASE_URL}/nvp/callback/${key}/${task_id}`,
    });
  } catch (error) {
    const escalation = { node: "Escalation", code: String(error.code ?? "unknown"), message: error.message };
    await record(task_id, { ...escalation, updated_at: new Date().toISOString() });
    return json(error.status >= 400 && error.status < 500 ? 422 : 502, { ...shown, ...escalation });
  }
  const { sid, status } = message;
  const result = { sid, status, node: nodeOf(status) };
  await record(task_id, { ...result, rank: rankOf(status), updated_at: new Date().toISOString() });
  return json(201, { ...shown, ...result });
}
