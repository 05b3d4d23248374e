// What the page asks the console's server for.

export async function get(path) {
  const answer = await fetch(path);
  return { status: answer.status, json: await answer.json() };
}

export async function post(path, value) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  });
  return { status: answer.status, json: await answer.json() };
}

/** Hears of everything until the page is closed; after a break it hears of everything again, from the start. */
export function listen(handlers, connection) {
  const events = new EventSource('/api/events');
  for (const [name, handler] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handler(JSON.parse(event.data)));
  }
  events.onopen = () => connection(true);
  events.onerror = () => connection(false);
}
