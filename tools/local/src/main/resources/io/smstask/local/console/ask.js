// What a click asks of the server, and what came of it, beside the click.

import { byId } from './dom.js';
import { post } from './api.js';

const lost = new Set();

/** Says something in a place of its own beside a control. */
export function say(note, words, isTrouble = false) {
  lost.delete(note);
  byId(note).textContent = words;
  byId(note).classList.toggle('problem', isTrouble);
}

/** Gives the server's answer; null where it is a refusal, or none, which is said then. */
export async function ask(note, path, value) {
  say(note, 'asking …');
  const { status, json } = await post(path, value);
  const isDone = status >= 200 && status < 300;
  say(note, isDone ? '' : json.message ?? `The answer is HTTP ${status}.`, !isDone);
  if (status === 0) {
    lost.add(note);
  }
  return isDone ? json : null;
}

/** Takes back what was only said because the server was gone. */
export function forget() {
  lost.forEach((note) => say(note, ''));
}
