// "+ New task": the parameters as fields and as JSON, the same call with curl, and what the simulator does with it.

import { HIDDEN, SECRETS, read, write } from './editor.js';
import { ADVANCED, MAIN, edit, fieldOf, hasFurther, hidden, input, isToken, set, showProblems, unseen } from './fields.js';
import { byId, element } from './dom.js';
import { choicesOf, chosenFault, clearFault, enable, follow } from './choices.js';
import { choose, find, onChange } from './tasks.js';
import { NO_ANSWER, post, postText } from './api.js';
import { watch } from './list.js';

const dialog = byId('dialog');
const further = element('details', {}, element('summary', {}, 'Further parameters'));
let setup = {};
let madeId = '';
let adding = '';
let isAdding = false;
let isUnanswered = false;
let counting = 0;

export function start(given) {
  setup = given;
  further.append(...ADVANCED.map(fieldOf));
  byId('inputs').append(...MAIN.map(fieldOf), element('p', { id: 'counter', class: 'hint', role: 'status' }), further);
  byId('choices').append(...choicesOf(setup, toNumber));
  clear();
  byId('new-task').addEventListener('click', open);
  byId('cancel').addEventListener('click', () => dialog.close());
  byId('clear').addEventListener('click', clear);
  byId('inputs').addEventListener('input', (event) => fieldChanged(event.target.name));
  byId('code').addEventListener('input', codeChanged);
  byId('copy').addEventListener('click', copy);
  byId('form').addEventListener('submit', add);
  onChange(closeOnceAdded);
}

/** The parameters for many tasks; or why the editor's text cannot be used for them. */
export function template() {
  const { task, problem, isWhole } = read();
  if (!isWhole) {
    return { problem: `Nothing was sent: the form's code editor has ${problem === undefined ? UNCLEAR : `no task. ${problem}`}` };
  }
  const { task_id, ...rest } = task;
  return { task: { ...rest, ...hidden(rest) } };
}

/** Fills the form with a task's parameters, as a new task. */
export function useAsNew(task) {
  madeId = newId();
  fill(task, madeId);
  open();
}

/** The same call once more: the form shows it, and is sent at once. */
export function callAgain(task) {
  fill(task, task.task_id);
  // The next task gets an id of its own.
  madeId = task.task_id;
  dialog.showModal();
  byId('form').requestSubmit();
}

const ANSWERED = ['sid', 'node', 'status', 'code', 'message', 'url_more_info', 'retryable', 'reason', 'num_segments',
  'created_at', 'updated_at', 'history', 'task_id', 'body_length'];

function fill(task, id) {
  const asked = Object.fromEntries(Object.entries(task).filter(([name]) => !ANSWERED.includes(name)));
  if (asked.AccountSid === setup.account_sid) {
    // The stack has this account's token.
    delete asked.AccountSid;
  }
  write({ ...asked, task_id: id });
  clearFault();
  clearProblems();
  codeChanged();
}

/** Called when the server is back. */
export function again() {
  if (isUnanswered) {
    isUnanswered = false;
    byId('problems').replaceChildren();
  }
  countCharacters();
}

const UNCLEAR = 'a repeated name, or a number that a browser would round.';
const EXAMPLE = { Number_to: '+15558675310', Number_from: '+15005550006', Body: 'Hello from smstask' };

function clear() {
  madeId = newId();
  const simulated = setup.auth_token === undefined ? {}
    : { AuthToken: setup.auth_token, AccountSid: setup.account_sid, ...EXAMPLE };
  set(simulated);
  write({ ...simulated, ...(setup.auth_token === undefined ? {} : { AuthToken: HIDDEN }), task_id: madeId });
  clearFault();
  clearProblems();
  codeChanged();
}

function clearProblems() {
  isUnanswered = false;
  showProblems([]);
  byId('problems').replaceChildren();
}

function toNumber(number) {
  input('Number_to').value = number;
  fieldChanged('Number_to');
}

const newId = () => `task-${crypto.randomUUID().slice(0, 13)}`;

/** An id that the page made is for one task; an entered one stays. */
function open() {
  const { task, isWhole } = read();
  if (isWhole && task.task_id === madeId && find(madeId)) {
    madeId = newId();
    input('task_id').value = madeId;
    fieldChanged('task_id');
  }
  dialog.showModal();
  (isWhole ? input('Number_to') : byId('code')).focus();
}

/** The form changes only what was changed in it; the rest of the editor stays as it was. */
function fieldChanged(name) {
  const { task, isWhole } = read();
  if (isWhole) {
    edit(name, task);
    write(task);
    draw();
  }
}

function codeChanged() {
  const { task } = read();
  if (task !== undefined) {
    set(task);
    further.open ||= hasFurther(task);
  }
  draw();
}

/** Updates everything that depends on the editor. */
function draw() {
  const { text, task, problem, isWhole } = read();
  const number = input('Number_to').value;
  adding = '';
  byId('copied').textContent = '';
  byId('code-problem').textContent = problem === undefined ? '' : `Not a task yet: ${problem}`;
  byId('code-note').textContent = noteOf(task, isWhole);
  byId('inputs').disabled = !isWhole;
  enable(isWhole);
  byId('curl').value = task === undefined ? '' : curlOf(text, task, isWhole);
  byId('hundred-to').textContent = isWhole ? `as in the form, to ${number || 'no number yet'}` : 'once the form has a task again';
  follow(number);
  countCharacters();
}

function noteOf(task, isWhole) {
  if (task !== undefined && !isWhole) {
    return `Sent as it is here, but cannot be edited in the form: it has ${UNCLEAR}`;
  }
  const names = task === undefined ? [] : unseen(task);
  return names.length === 0 ? '' : `Sent as it is here, but not shown in the form: ${names.join(', ')}`;
}

/** For a shell: the text in single quotes, tokens from the environment, except for the stack's own account. */
function curlOf(text, task, isWhole) {
  const isOwn = task.AuthToken === HIDDEN && isToken('AuthToken', setup.auth_token) && task.AccountSid === setup.account_sid;
  const members = Object.entries(task).filter(([name]) => !(isOwn && ['AuthToken', 'AccountSid'].includes(name)))
    .map(([name, value]) => `${quoted(JSON.stringify(name))}:${SECRETS.includes(name) && typeof value === 'string'
      ? `"'"$${VARIABLES[name]}"'"` : quoted(JSON.stringify(value))}`);
  const json = isWhole ? `{${members.join(',')}}` : quoted(text);
  return `curl -i ${setup.tasks_url}/tasks -H 'Content-Type: application/json' \\\n  -d '${json}'`;
}

const VARIABLES = { AuthToken: 'TWILIO_AUTH_TOKEN', SigningAuthToken: 'TWILIO_SIGNING_AUTH_TOKEN' };

const quoted = (text) => text.replaceAll("'", "'\\''");

async function copy() {
  try {
    await navigator.clipboard.writeText(byId('curl').value);
    byId('copied').textContent = 'copied';
  } catch {
    byId('curl').select();
    byId('copied').textContent = 'the browser does not allow it: press Ctrl+C';
  }
}

/** Only the answer to the latest request counts. */
async function countCharacters() {
  counting += 1;
  const mine = counting;
  const { status, json } = await post('/api/segments', { body: input('Body').value });
  if (mine === counting) {
    const counter = byId('counter');
    counter.textContent = status !== 200 ? `Not counted. ${json.message}`
      : `${json.characters} of ${setup.max_characters} characters, ${json.encoding}, `
        + `${json.segments} segment${json.segments === 1 ? '' : 's'}`;
    counter.classList.toggle('problem', status !== 200 || json.characters > setup.max_characters);
  }
}

async function add(event) {
  event.preventDefault();
  if (isAdding) {
    return;
  }
  const { text, task, problem } = read();
  if (problem !== undefined) {
    refused({ message: `Nothing was sent: the code editor has no task. ${problem}` });
    byId('code').focus();
    return;
  }
  const lacking = SECRETS.filter((name) => task[name] === HIDDEN && hidden(task)[name] === undefined);
  if (lacking.length > 0) {
    refused({ message: `Nothing was sent: ${HIDDEN} stands for a token in the form, and it has none.`,
      problems: lacking.map((field) => ({ field, message: 'is empty' })) });
    return;
  }
  clearProblems();
  const id = typeof task.task_id === 'string' ? task.task_id : '';
  // An existing task with the same id does not show that this one was added.
  adding = find(id) ? '' : id;
  busy(true);
  const fault = chosenFault();
  // As written: if a browser reads and writes it, it may change.
  const { status, json } = await postText('/api/tasks', `{"task":${text},"hidden":${JSON.stringify(hidden(task))}`
    + `${fault === '' ? '' : `,"fault":${JSON.stringify(fault)}`}}`);
  busy(false);
  if (status === 0) {
    unanswered(id);
  } else if (json.node === undefined) {
    adding = '';
    refused({ ...json, message: json.message ?? `The answer is HTTP ${status}.` });
  } else {
    added(json.task_id);
  }
}

function busy(isBusy) {
  isAdding = isBusy;
  // It stays enabled, or the keyboard focus would be lost.
  byId('add').setAttribute('aria-disabled', String(isBusy));
  byId('add').textContent = isBusy ? 'Adding …' : 'Add task';
}

/** Whether it was added is unknown. If it was, the list has it once the server is back. */
function unanswered(id) {
  if (dialog.open) {
    refused({ message: `${NO_ANSWER} ${id === ''
      ? 'Check whether the task was added before you add it again: without a task_id that may be a second SMS.'
      : 'You can add it again: the same task_id never sends twice.'}` });
    isUnanswered = true;
  }
}

/** Twilio may be slow: the task can be watched as soon as it exists. */
function closeOnceAdded() {
  if (adding !== '' && find(adding)) {
    added(adding);
  }
}

function added(id) {
  adding = '';
  // A fault is for one task.
  clearFault();
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
