// All tasks that the page knows, and which of them are shown.

const byId = new Map();
const listeners = [];
let filter = { words: '', place: '', colour: '' };

export const state = { chosen: '' };

export function onChange(listener) {
  listeners.push(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

export function replaceAll(rows) {
  byId.clear();
  take(rows);
}

export function take(rows) {
  rows.forEach((row) => byId.set(row.task_id, row));
  tell();
}

export const find = (id) => byId.get(id);
export const count = () => byId.size;
export const all = () => byId.values();

export function search(words) {
  filter = { ...filter, words: words.trim().toLowerCase() };
  tell();
}

/** Shows only the tasks that came through a node; all of them for an empty name. */
export function through(place) {
  filter = { ...filter, place };
  tell();
}

export const place = () => filter.place;

/** Shows only the tasks of a colour; all of them for an empty one. */
export function coloured(colour) {
  filter = { ...filter, colour };
  tell();
}

export const chosenColour = () => filter.colour;

export function showAll() {
  filter = { words: '', place: '', colour: '' };
  tell();
}

export function choose(id) {
  state.chosen = id;
  tell();
}

const SEARCHED = ['task_id', 'sid', 'number_to', 'node', 'status', 'code', 'reason', 'message', 'body'];

function matches(row) {
  return (filter.place === '' || row.path.includes(filter.place))
    && (filter.colour === '' || colour(row) === filter.colour)
    && (filter.words === '' || SEARCHED.map((name) => row[name])
      .some((value) => value !== undefined && value.toLowerCase().includes(filter.words)));
}

/** The shown tasks, newest first. */
export function matching() {
  return [...byId.values()].filter(matches)
    .sort((one, other) => compare(other.created_at ?? '', one.created_at ?? '') || compare(one.task_id, other.task_id));
}

function compare(one, other) {
  if (one === other) {
    return 0;
  }
  return one < other ? -1 : 1;
}

/** green, red or moving: the colour of a task. */
export function colour(row) {
  return { Final: 'green', Escalation: 'red' }[row.node] ?? 'moving';
}
