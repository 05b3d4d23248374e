// The code editor. Its text is what is sent; the form's fields show it and change it.

import { byId } from './dom.js';

/** Shown instead of the form's token. */
export const HIDDEN = '***';
export const SECRETS = ['AuthToken', 'SigningAuthToken'];

const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"]/g;

/** The task in the editor; or why it is not one, and why the form cannot change it. */
export function read() {
  const text = byId('code').value;
  try {
    const task = JSON.parse(text);
    if (typeof task !== 'object' || task === null || Array.isArray(task)) {
      throw new SyntaxError('expected a JSON object');
    }
    return { text, task, isWhole: compact(text) === JSON.stringify(task) };
  } catch (problem) {
    return { text, problem: problem.message, isWhole: false };
  }
}

/** Equal to what JSON.stringify() makes of it, unless reading lost something: a repeated name, or digits. */
function compact(text) {
  return text.match(TOKEN).map((token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token)).join('');
}

export function write(task) {
  byId('code').value = JSON.stringify(task, null, 2);
}
