// The simulator as twilio-node sees it. `npm ci && npm test`; starts the simulator with Maven.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import readline from "node:readline";
import twilio from "twilio";

const ACCOUNT = "AC00000000000000000000000000000001";
const TOKEN = "0123456789abcdef0123456789abcdef";
const SUBACCOUNT = "AC00000000000000000000000000000002";
const SUBACCOUNT_TOKEN = "00112233445566778899aabbccddeeff";
const KEY = "SK00000000000000000000000000000001";
const KEY_SECRET = "fedcba9876543210fedcba9876543210";
const SERVICE = "MG00000000000000000000000000000001";
const FROM = "+15005550006";
const TO = "+15558675310";

let simulator;
let baseUrl;
let client;

/** Twilio's own HTTP client, sent to the simulator. */
class Redirected extends twilio.RequestClient {
  request(options) {
    return super.request({ ...options, uri: options.uri.replace("https://api.twilio.com", baseUrl) });
  }
}

function connect(user, password, accountSid = ACCOUNT) {
  return twilio(user, password, { accountSid, httpClient: new Redirected() });
}

function create(fields = {}, by = client) {
  return by.messages.create({ to: TO, from: FROM, body: "Hello", ...fields });
}

async function untilStatus(sid, status) {
  for (;;) {
    const message = await client.messages(sid).fetch();
    if (message.status === status) {
      return message;
    }
  }
}

async function refuses(call, code, status = 400) {
  await assert.rejects(call, (error) => {
    assert.equal(error.code, code);
    assert.equal(error.status, status);
    assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
    return true;
  });
}

before(async () => {
  simulator = spawn(
    "mvn",
    [
      "-q",
      "compile",
      "exec:java@simulator",
      `-Dexec.args=--port 0 --delay 5 --api-key ${KEY} --subaccount ${SUBACCOUNT}:SUBACCOUNT_TOKEN`,
    ],
    {
      cwd: new URL("../../..", import.meta.url),
      env: { ...process.env, TWILIO_API_SECRET: KEY_SECRET, SUBACCOUNT_TOKEN },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  for await (const line of readline.createInterface(simulator.stdout)) {
    const said = line.match(/^Twilio simulator +(http:\S+)/);
    if (said) {
      baseUrl = said[1];
      client = connect(ACCOUNT, TOKEN);
      return;
    }
  }
  throw new Error("the simulator has not started");
});

after(() => simulator.kill());

test("a message is created and fetched", async () => {
  const sent = await create();
  assert.match(sent.sid, /^SM[0-9a-f]{32}$/);
  assert.equal(sent.status, "queued");
  assert.equal(sent.accountSid, ACCOUNT);
  assert.ok(sent.dateCreated instanceof Date);

  const delivered = await untilStatus(sent.sid, "delivered");
  assert.equal(delivered.body, "Hello");
  assert.ok(delivered.dateSent instanceof Date);
});

test("a message is redacted, cancelled, deleted", async () => {
  const sent = await create();
  await untilStatus(sent.sid, "delivered");
  assert.equal((await client.messages(sent.sid).update({ body: "" })).body, "");
  assert.equal(await client.messages(sent.sid).remove(), true);
  await refuses(client.messages(sent.sid).fetch(), 20404, 404);

  const scheduled = await create({
    from: undefined,
    messagingServiceSid: SERVICE,
    scheduleType: "fixed",
    sendAt: new Date(Date.now() + 3_600_000),
  });
  assert.equal(scheduled.status, "scheduled");
  assert.equal((await client.messages(scheduled.sid).update({ status: "canceled" })).status, "canceled");
});

test("media of a message are listed and fetched", async () => {
  const sent = await create({ mediaUrl: ["https://example.com/a.png", "https://example.com/b.png"] });
  assert.equal(sent.numMedia, "2");
  const media = await client.messages(sent.sid).media.list();
  assert.equal(media.length, 2);
  assert.equal((await client.messages(sent.sid).media(media[0].sid).fetch()).parentSid, sent.sid);
});

test("a list is read page by page, back and forth, with filters", async () => {
  const to = "+15558675377";
  const sids = [];
  for (let i = 0; i < 5; i++) {
    sids.unshift((await create({ to })).sid);
  }
  await Promise.all(sids.map((sid) => untilStatus(sid, "delivered")));
  const named = (page) => page.instances.map((message) => message.sid);

  const first = await client.messages.page({ to, from: FROM, pageSize: 2 });
  const second = await first.nextPage();
  const third = await second.nextPage();
  assert.deepEqual([first, second, third].map(named), [sids.slice(0, 2), sids.slice(2, 4), sids.slice(4)]);
  assert.equal(await third.nextPage(), undefined);
  const back = await third.previousPage();
  assert.deepEqual(named(back), named(second));
  assert.deepEqual(named(await back.previousPage()), named(first));
  assert.equal(await first.previousPage(), undefined);

  const hour = 3_600_000;
  const yesterday = new Date(Date.now() - 24 * hour);
  const tomorrow = new Date(Date.now() + 24 * hour);
  const count = async (filter) => (await client.messages.list({ to, ...filter })).length;
  assert.equal(await count({ dateSentAfter: yesterday, dateSentBefore: tomorrow }), 5);
  assert.equal(await count({ dateSentAfter: tomorrow }), 0);
  assert.equal(await count({ dateSent: yesterday }), 0);
  assert.equal(await count({ limit: 3, pageSize: 2 }), 3);
});

test("credentials open what they open at Twilio", async () => {
  assert.equal((await create({}, connect(KEY, KEY_SECRET))).accountSid, ACCOUNT);
  assert.equal((await create({}, connect(ACCOUNT, TOKEN, SUBACCOUNT))).accountSid, SUBACCOUNT);
  await refuses(create({}, connect(SUBACCOUNT, SUBACCOUNT_TOKEN)), 20003, 401);
  await refuses(create({}, connect(ACCOUNT, "wrong")), 20003, 401);
});

for (const [what, fields, code] of [
  ["a recipient that is none", { to: "hello" }, 21211],
  ["an unsubscribed recipient", { to: "+15005550004" }, 21610],
  ["a sender that is none", { from: "A.Shop" }, 21212],
  ["a text that is too long", { body: "a".repeat(1601) }, 21617],
  ["a callback port that does not exist", { statusCallback: "https://example.com:65536/" }, 21609],
  ["a callback URL without a path", { statusCallback: "https://example.com" }, 21609],
]) {
  test(`${what} gives ${code}`, () => refuses(create(fields), code));
}

test("a sender name may hold what Twilio allows", async () => {
  assert.equal((await create({ from: "A-Shop &_+1" })).from, "A-Shop &_+1");
});

test("an unknown date is an unknown parameter", async () => {
  await refuses(client.messages.list({ dateSent: "yesterday" }), 20001);
});

for (const [what, from, statuses] of [
  ["number", { from: FROM }, ["sending", "sent", "delivered"]],
  ["messaging service", { from: undefined, messagingServiceSid: SERVICE }, ["queued", "sending", "sent", "delivered"]],
]) {
  test(`callbacks of a ${what} pass Twilio's validator`, async () => {
    const received = [];
    const server = http.createServer(async (request, response) => {
      let body = "";
      for await (const piece of request.setEncoding("utf8")) {
        body += piece;
      }
      const fields = Object.fromEntries(new URLSearchParams(body));
      const url = `http://${request.headers.host}${request.url}`;
      received.push({
        status: fields.MessageStatus,
        valid: twilio.validateRequest(TOKEN, request.headers["x-twilio-signature"], url, fields),
        user: request.headers.authorization,
      });
      if (!request.headers.authorization) {
        response.setHeader("WWW-Authenticate", "Basic realm=callbacks");
      }
      response.writeHead(request.headers.authorization ? 204 : 401).end();
      if (received.length === 2 * statuses.length) {
        server.emit("all");
      }
    });
    const all = once(server, "all");
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const statusCallback = `http://user:secret@127.0.0.1:${server.address().port}/a?x=1&y=a%20b`;
      await create({ ...from, statusCallback });
      await all;
    } finally {
      server.closeAllConnections();
      server.close();
    }
    // Each twice: Twilio sends the password only if it is asked for.
    assert.deepEqual(received.map((callback) => callback.status), statuses.flatMap((status) => [status, status]));
    assert.ok(received.every((callback) => callback.valid));
    assert.equal(received[1].user, "Basic " + Buffer.from("user:secret").toString("base64"));
  });
}
