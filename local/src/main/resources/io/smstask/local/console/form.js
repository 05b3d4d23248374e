// "+ New task": the parameters as fields and as JSON, the same call with curl, and what the simulator makes of it.

import { byId, element } from './dom.js';
import { ADVANCED, MAIN, fieldOf, input, set, showProblems, values } from './fields.js';
import { choicesOf, chosenFault, clearFault, follow } from './choices.js';
import { choose, find, onChange } from './tasks.js';
import { post } from './api.js';
import { watch } from './list.js';

const HIDDEN = '***';
const dialog = byId('dialog');
let stage = {};
let adding = '';
let counting = 0;

export function start(given) {
  stage = given;
  byId('inputs').append(...MAIN.map(fieldOf), counterOf(), advancedOf());
  byId('choices').append(...choicesOf(stage, toNumber));
  clear();
  byId('new-task').addEventListener('click', open);
  byId('cancel').addEventListener('click', () => dialog.close());
  byId('clear').addEventListener('click', clear);
  byId('inputs').addEventListener('input', fieldsChanged);
  byId('code').addEventListener('input', codeChanged);
  byId('copy').addEventListener('click', copy);
  byId('form').addEventListener('submit', add);
  onChange(closeOnceAdded);
}

/** What tasks that are added in number are made of. */
export function template() {
  const { task_id, ...rest } = values();
  return rest;
}

function counterOf() {
  return element('p', { id: 'counter', class: 'hint', role: 'status' });
}

function advancedOf() {
  return element('details', {}, element('summary', {}, 'Further parameters'), ...ADVANCED.map(fieldOf));
}

const EXAMPLE = { Number_to: '+15558675310', Number_from: '+15005550006', Body: 'Hello from smstask' };

function clear() {
  const simulated = stage.auth_token === undefined ? {}
    : { ...EXAMPLE, AuthToken: stage.auth_token, AccountSid: stage.account_sid };
  set({ ...simulated, task_id: newId() });
  clearFault();
  showProblems([]);
  byId('problems').replaceChildren();
  fieldsChanged();
}

function toNumber(number) {
  input('Number_to').value = number;
  fieldsChanged();
}

const newId = () => `task-${crypto.randomUUID().slice(0, 13)}`;

function open() {
  if (find(values().task_id)) {
    input('task_id').value = newId();
    fieldsChanged();
  }
  dialog.showModal();
  input('Number_to').focus();
}

function fieldsChanged() {
  const task = shown();
  byId('code').value = JSON.stringify(task, null, 2);
  valuesChanged();
}

function valuesChanged() {
  const number = input('Number_to').value;
  byId('code-problem').textContent = '';
  byId('copied').textContent = '';
  byId('curl').value = curlOf(shown());
  byId('hundred-to').textContent = `as in the form, to ${number || 'no number yet'}`;
  follow(number);
  countCharacters();
}

/** The parameters as anyone may look at them. */
function shown() {
  const task = values();
  return task.AuthToken === undefined ? task : { ...task, AuthToken: HIDDEN };
}

function codeChanged() {
  try {
    const task = JSON.parse(byId('code').value);
    if (typeof task !== 'object' || task === null || Array.isArray(task)) {
      throw new SyntaxError('expected a JSON object');
    }
    set(task.AuthToken === HIDDEN ? { ...task, AuthToken: input('AuthToken').value } : task);
    valuesChanged();
  } catch (problem) {
    byId('code-problem').textContent = problem.message;
  }
}

/** For a shell: the text in single quotes, the token from the environment. The stack knows its own account's. */
function curlOf({ AuthToken, AccountSid, ...rest }) {
  const isOwn = AuthToken !== undefined && input('AuthToken').value === stage.auth_token && AccountSid === stage.account_sid;
  const json = JSON.stringify(isOwn ? rest : { AuthToken, AccountSid, ...rest }).replaceAll("'", "'\\''")
    .replace(`"AuthToken":"${HIDDEN}"`, `"AuthToken":"'"$TWILIO_AUTH_TOKEN"'"`);
  return `curl -i ${stage.tasks_url}/tasks -H 'Content-Type: application/json' \\\n  -d '${json}'`;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(byId('curl').value);
    byId('copied').textContent = 'copied';
  } catch {
    byId('curl').select();
    byId('copied').textContent = 'the browser forbids it: press Ctrl+C';
  }
}

/** Only the answer to the latest question counts. */
async function countCharacters() {
  counting += 1;
  const mine = counting;
  const { json } = await post('/api/segments', { body: input('Body').value });
  if (mine === counting) {
    const counter = byId('counter');
    counter.textContent = `${json.characters} of ${stage.max_characters} characters, ${json.encoding}, `
      + `${json.segments} segment${json.segments === 1 ? '' : 's'}`;
    counter.classList.toggle('problem', json.characters > stage.max_characters);
  }
}

async function add(event) {
  event.preventDefault();
  if (byId('code-problem').textContent !== '') {
    return;
  }
  const task = values();
  const fault = chosenFault();
  showProblems([]);
  byId('problems').replaceChildren();
  adding = task.task_id ?? '';
  byId('add').disabled = true;
  try {
    const { json } = await post('/api/tasks', fault === '' ? { task } : { task, fault });
    if (json.node === undefined) {
      refused(json);
    } else {
      added(json.task_id);
    }
  } finally {
    byId('add').disabled = false;
    adding = '';
  }
}

/** Twilio may take its time: the task can be watched as soon as there is one. */
function closeOnceAdded() {
  if (adding !== '' && find(adding)) {
    added(adding);
  }
}

function added(id) {
  if (dialog.open) {
    dialog.close();
    choose(id);
    byId('list').focus({ preventScroll: true });
    watch();
  }
}

function refused(json) {
  const left = showProblems(json.problems ?? []);
  const lines = [json.message, ...left].map((line) => element('p', { class: 'problem' }, line));
  byId('problems').replaceChildren(...lines);
  dialog.querySelector('[aria-invalid=true]')?.focus();
}
