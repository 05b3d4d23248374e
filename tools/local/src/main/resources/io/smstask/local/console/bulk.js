// Many tasks: a file of recipients, checked before it is sent, or a hundred copies; their progress and refusals.

import { ask, say } from './ask.js';
import { byId, element, show } from './dom.js';
import { choose as chooseTask } from './tasks.js';
import { template } from './form.js';
import { watch } from './list.js';

let file = null;
/** What was checked and can be sent. */
let checked = null;

export function start(setup) {
  show(byId('hundred-row'), setup.ends !== undefined);
  byId('hundred').addEventListener('click', hundred);
  byId('file').addEventListener('change', choose);
  byId('import-send').addEventListener('click', send);
  byId('import-drop').addEventListener('click', drop);
  byId('stop').addEventListener('click', () => ask('stop-note', '/api/bulk/stop', {}));
  // What a row leaves out comes from the form, which may have changed.
  byId('dialog').addEventListener('close', again);
}

function hundred() {
  const { task, problem } = template();
  if (problem === undefined) {
    ask('hundred-note', '/api/bulk', { count: 100, defaults: task });
  } else {
    say('hundred-note', problem, true);
  }
}

async function choose(event) {
  const [chosen] = event.target.files;
  if (chosen !== undefined) {
    file = { name: chosen.name, text: await chosen.text() };
    // So that the same file can be chosen again after a correction.
    event.target.value = '';
    await check();
  }
}

/** Checks the chosen file again, if there is one. */
export function again() {
  if (file !== null) {
    check();
  }
}

async function check() {
  const { name, text } = file;
  const { task, problem } = template();
  checked = null;
  show(byId('import'), false);
  if (problem !== undefined) {
    say('file-note', problem, true);
    return;
  }
  const asked = { csv: text, defaults: task };
  const found = await ask('file-note', '/api/bulk', asked);
  if (found !== null && file?.text === text) {
    checked = { ...asked, checked: found.checked };
    say('file-note', `${name}: ${found.good} good, ${found.bad} bad. Nothing is sent yet.`);
    drawFound(found);
  }
}

function drawFound({ good, bad, problems, from_form, has_ids }) {
  const lines = problems.map(({ row, message }) => `row ${row} ${message}`);
  const left = bad - problems.length;
  byId('import-problems').replaceChildren(
    ...[...lines, ...(left === 0 ? [] : [`and ${left} more`])].map((line) => element('li', {}, line)));
  show(byId('import-problems'), bad > 0);
  const taken = Object.entries(from_form).map(([name, rows]) => `${name} in ${rows} ${rows === 1 ? 'row' : 'rows'}`);
  byId('import-form').textContent = taken.length === 0 ? '' : `From the form: ${taken.join(', ')}.`;
  byId('import-hint').textContent = bad === 0 || good === 0 ? '' : `Bad rows are left out.${has_ids ? ''
    : ' Correct them in a separate file: rows without a task_id are sent again if they are in another file.'}`;
  show(byId('import-send'), good > 0);
  byId('import-send').textContent = `Send ${good}`;
  say('import-note', '');
  show(byId('import'), true);
}

async function send() {
  if (checked !== null && await ask('import-note', '/api/bulk', checked) !== null) {
    drop();
  }
}

function drop() {
  file = null;
  checked = null;
  show(byId('import'), false);
  say('file-note', '');
}

const OUTCOMES = { sent: 'sent', known: 'known already', refused: 'refused', unknown: 'with an unknown outcome' };

export function draw({ total, done, unsent, troubles, ...counts }) {
  show(byId('bulk'), total > 0);
  show(byId('stop'), done + unsent < total);
  byId('progress').max = Math.max(total, 1);
  byId('progress').value = done;
  const parts = Object.entries(OUTCOMES).filter(([outcome]) => counts[outcome] > 0)
    .map(([outcome, words]) => `${counts[outcome]} ${words}`);
  const all = [...parts, ...(unsent > 0 ? [`${unsent} not sent`] : [])];
  byId('bulk-text').textContent = `${done} of ${total} done${all.length === 0 ? '' : `: ${all.join(', ')}`}`;
  show(byId('troubles'), troubles.length > 0);
  byId('troubles').replaceChildren(...troubles.map(troubleOf));
}

/** A row that was not sent, with a link to its task if there is one. */
function troubleOf({ row, outcome, message, task_id }) {
  const words = `row ${row}, ${outcome}: ${message}`;
  if (task_id === undefined) {
    return element('li', {}, words);
  }
  const button = element('button', { type: 'button', class: 'link' }, task_id);
  button.addEventListener('click', () => {
    chooseTask(task_id);
    watch();
  });
  return element('li', {}, words, ' ', button);
}
