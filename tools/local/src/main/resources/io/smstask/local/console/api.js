// Calls of the console's server. If it is gone, the answer has status 0 and a message for people.

export const NO_ANSWER = 'The local stack does not answer. Is it still running?';
const PATIENCE_MILLIS = 90_000;
const AGAIN_MILLIS = 2_000;

export const get = (path) => answerOf(path, {});

export const post = (path, value) => postText(path, JSON.stringify(value));

/** Posts JSON text unchanged. */
export const postText = (path, text) => answerOf(path,
  { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: text });

async function answerOf(path, options) {
  try {
    const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    return { status: answer.status, json: read(answer.status, await answer.text()) };
  } catch {
    return { status: 0, json: { message: NO_ANSWER } };
  }
}

function read(status, text) {
  try {
    return JSON.parse(text);
  } catch {
    return { message: status === 413 ? 'This is more than the console accepts at once (5 MB).' : `The answer is HTTP ${status}.` };
  }
}

/** Gets all events until the page is closed; after a break it gets everything again. */
export function listen(handlers, connection) {
  const events = new EventSource('/api/events');
  for (const [name, handler] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  events.onopen = () => connection(true);
  events.onerror = () => {
    connection(false);
    // A browser keeps trying, but not after an answer that is not an event stream.
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(handlers, connection), AGAIN_MILLIS);
    }
  };
}
