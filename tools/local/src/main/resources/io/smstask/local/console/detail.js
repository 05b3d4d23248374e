// One task: its fields, its history, why it is red, and the JSON that callers get.

import { byId, element, exactly, link, oncePerFrame, show } from './dom.js';
import { choose, colour, find, onChange, state } from './tasks.js';
import { ask, say } from './ask.js';
import { callAgain, useAsNew } from './form.js';
import { get } from './api.js';

const FIELDS = ['task_id', 'sid', 'node', 'status', 'number_to', 'number_from', 'body', 'body_length', 'num_segments', 'AccountSid',
  'created_at', 'updated_at'];
const NOTES = {
  duplicate: 'reported before: nothing changed',
  late: 'a later status is known: nothing changed',
  conflict: 'another final status, or another sid, is stored: nothing changed',
  healed: 'the outcome was unknown until now',
  matched: 'found in Twilio\'s list: the outcome was unknown until now',
  unknown_status: 'a word without a rank',
  unconfirmed: 'nothing more was heard: counts as a success',
  gone: 'Twilio no longer had the message',
  given_up: 'nothing more was heard: counts as a failure',
};
let shown = null;
let whole = null;

export function start() {
  byId('close-detail').addEventListener('click', () => choose(''));
  byId('again').addEventListener('click', () => callAgain(whole));
  byId('as-new').addEventListener('click', () => useAsNew(whole));
  document.addEventListener('keydown', (event) => {
    const isOthers = byId('dialog').open || event.target.id === 'search' && event.target.value !== '';
    if (event.key === 'Escape' && state.chosen !== '' && !isOthers) {
      choose('');
      byId('list').focus({ preventScroll: true });
    }
  });
  byId('cancel-task').addEventListener('click', cancel);
  onChange(oncePerFrame(refresh));
}

function cancel() {
  return ask('cancel-note', `/api/tasks/${encodeURIComponent(state.chosen)}/cancel`, {});
}

/** Reads the whole task again if its row in the list has changed. */
async function refresh() {
  const row = find(state.chosen);
  show(byId('detail'), row !== undefined);
  if (row === undefined) {
    shown = null;
    return;
  }
  if (row !== shown) {
    if (row.task_id !== shown?.task_id) {
      say('cancel-note', '');
    }
    shown = row;
    const { status, json } = await get(`/api/tasks/${encodeURIComponent(row.task_id)}`);
    if (state.chosen !== row.task_id) {
      return;
    }
    if (status === 200) {
      draw(json.task);
    } else {
      shown = null;
      lack(row, json.message);
    }
  }
}

function draw(task) {
  whole = task;
  show(byId('again'), task.retryable === 'yes');
  show(byId('as-new'), !task.erased);
  show(byId('cancel-task'), mayBeCanceled(task));
  byId('detail-title').textContent = `Task ${task.task_id}`;
  byId('end').className = colour(task);
  byId('end').replaceChildren(...endOf(task));
  const further = Object.keys(task)
    .filter((name) => !FIELDS.includes(name)
      && !['code', 'message', 'url_more_info', 'retryable', 'reason', 'history', 'context'].includes(name));
  byId('task-fields').replaceChildren(
    ...[...FIELDS, ...further].filter((name) => task[name] !== undefined).flatMap((name) => pair(name, task[name])),
    ...(task.context === undefined ? [] : pair('context', JSON.stringify(task.context))),
  );
  byId('history').replaceChildren(...(task.history ?? []).map(entryOf));
  byId('raw').textContent = JSON.stringify(task, null, 2);
}

function mayBeCanceled(task) {
  return task.node === 'Waiting for Callback' || task.node === 'Escalation' && task.retryable === 'yes';
}

/** Clears the fields, so that another task's are not shown under this one's name. */
function lack(row, message) {
  byId('detail-title').textContent = `Task ${row.task_id}`;
  byId('end').className = 'red';
  show(byId('again'), false);
  show(byId('as-new'), false);
  show(byId('cancel-task'), false);
  byId('end').replaceChildren(`This task cannot be shown. ${message}`);
  ['task-fields', 'history', 'raw'].forEach((id) => byId(id).replaceChildren());
}

function endOf(task) {
  if (task.erased) {
    return [element('strong', {}, task.node), ' — erased'];
  }
  if (task.node === 'Final') {
    return [element('strong', {}, 'Final'), ` — ${task.status}`];
  }
  if (task.node !== 'Escalation') {
    return [element('strong', {}, task.node), task.status === undefined ? '' : ` — ${task.status}`];
  }
  const why = element('p', {}, element('strong', {}, `Escalation ${task.code}`), `: ${task.message}`);
  const more = task.url_more_info === undefined ? [] : [element('p', {}, link(task.url_more_info))];
  return [why, ...more, element('p', { class: 'hint' }, `retryable: ${task.retryable}, reason: ${task.reason}`)];
}

function pair(name, value) {
  return [element('dt', {}, name), element('dd', {}, Array.isArray(value) ? value.join(', ') : String(value))];
}

function entryOf(entry) {
  const words = [entry.status, entry.code].filter((word) => word !== undefined).join(' ');
  const note = entry.note === undefined ? [] : [' ', element('em', {}, entry.note),
    ...(NOTES[entry.note] === undefined ? [] : [element('span', { class: 'hint' }, ` (${NOTES[entry.note]})`)])];
  return element('li', {},
    element('time', { datetime: entry.at }, exactly(entry.at)), ' ',
    element('span', { class: 'source' }, entry.source), ' ', words, ...note);
}
