// The code editor. What stands in it is what is sent; the form's fields show it and change it.

import { byId } from './dom.js';

/** Stands for a token that the form has. */
export const HIDDEN = '***';
export const SECRETS = ['AuthToken', 'SigningAuthToken'];

const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"]/g;

/** The task that stands there; or what keeps it from being one, and what keeps the form from changing it. */
export function read() {
  const text = byId('code').value;
  try {
    const task = JSON.parse(text);
    if (typeof task !== 'object' || task === null || Array.isArray(task)) {
      throw new SyntaxError('a JSON object is expected');
    }
    return { text, task, isWhole: compact(text) === JSON.stringify(task) };
  } catch (problem) {
    return { text, problem: problem.message, isWhole: false };
  }
}

/** Equal to what JSON.stringify() makes of it, unless reading lost something: a name that is there twice, or digits. */
function compact(text) {
  return text.match(TOKEN).map((token) => (token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token)).join('');
}

export function write(task) {
  byId('code').value = JSON.stringify(task, null, 2);
}
