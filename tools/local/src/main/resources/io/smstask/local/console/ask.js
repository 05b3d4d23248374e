// Calls of the server for a click, with the result beside it.

import { byId } from './dom.js';
import { post } from './api.js';

const lost = new Set();

/** Shows a note beside a control. */
export function say(note, words, isTrouble = false) {
  lost.delete(note);
  byId(note).textContent = words;
  byId(note).classList.toggle('problem', isTrouble);
}

/** Returns the server's answer; shows a refusal or a missing answer, and returns null. */
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

/** Removes the notes that the server is gone. */
export function forget() {
  lost.forEach((note) => say(note, ''));
}
