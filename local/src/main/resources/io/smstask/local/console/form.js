// "+ New task": the parameters as fields and as JSON, the same call with curl, and what the simulator makes of it.

import { byId, element } from './dom.js';
import { ADVANCED, MAIN, fieldOf, input, set, showProblems, values } from './fields.js';
import { choose, find, onChange } from './tasks.js';
import { post } from './api.js';

const HIDDEN = '***';
const dialog = byId('dialog');
let stage = {};
let adding = '';
let counting = 0;

export function start(given) {
  stage = given;
  byId('inputs').append(...MAIN.map(fieldOf), counterOf(), ...simulatorOf(), advancedOf());
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

function simulatorOf() {
  if (stage.outcomes === undefined) {
    return [];
  }
  const outcomes = stage.outcomes.map(({ number, status, code, message }) =>
    element('option', { value: number }, `${status} ${code} ${message}`.trim() + (number ? ` (${number})` : '')));
  const faults = stage.faults.map((fault) => element('option', { value: fault }, fault));
  const outcome = element('select', { id: 'outcome' }, ...outcomes);
  // Heard here before the form hears of it, and writes its JSON anew.
  outcome.addEventListener('input', () => {
    input('Number_to').value = outcome.value || EXAMPLE.Number_to;
  });
  return [element('fieldset', {}, element('legend', {}, 'Simulator'),
    element('label', { for: 'outcome' }, 'Outcome, by the number'), outcome,
    element('label', { for: 'fault' }, 'What goes wrong'),
    element('select', { id: 'fault' }, element('option', { value: '' }, 'nothing'), ...faults))];
}

const EXAMPLE = { Number_to: '+15558675310', Number_from: '+15005550006', Body: 'Hello from smstask' };

function clear() {
  const simulated = stage.auth_token === undefined ? {}
    : { ...EXAMPLE, AuthToken: stage.auth_token, AccountSid: stage.account_sid };
  set({ ...simulated, task_id: newId() });
  showProblems([]);
  byId('problems').replaceChildren();
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
  byId('code-problem').textContent = '';
  byId('curl').value = curlOf(task);
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
    byId('code-problem').textContent = '';
    byId('curl').value = curlOf(shown());
    countCharacters();
  } catch (problem) {
    byId('code-problem').textContent = problem.message;
  }
}

/** For a shell: the text in single quotes, the token from the environment. */
function curlOf(task) {
  const json = JSON.stringify(task).replaceAll("'", "'\\''")
    .replace(`"AuthToken":"${HIDDEN}"`, `"AuthToken":"'"$TWILIO_AUTH_TOKEN"'"`);
  return `curl -i ${stage.tasks_url}/tasks -H 'Content-Type: application/json' \\\n  -d '${json}'`;
}

async function copy() {
  await navigator.clipboard.writeText(byId('curl').value);
  byId('copied').textContent = 'copied';
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
  const fault = byId('fault')?.value ?? '';
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
    byId('list').focus();
  }
}

function refused(json) {
  const left = showProblems(json.problems ?? []);
  const lines = [json.message, ...left].map((line) => element('p', { class: 'problem' }, line));
  byId('problems').replaceChildren(...lines);
  dialog.querySelector('[aria-invalid=true]')?.focus();
}
