// The simulator's pace, and skipping time.

import { ask, say } from './ask.js';
import { all, colour, find, onChange } from './tasks.js';
import { byId, clock, oncePerFrame, show } from './dom.js';

export function start(setup) {
  show(byId('speed'), setup.delay_millis !== undefined);
  show(byId('skip-time'), setup.time);
  const delay = byId('delay');
  delay.value = setup.delay_millis ?? 0;
  const tell = () => {
    byId('delay-shown').textContent = `${delay.value} ms`;
  };
  tell();
  delay.addEventListener('input', tell);
  let pace = delay.value;
  delay.addEventListener('change', async () => {
    const answer = await ask('delay-note', '/api/simulator', { delay_millis: Number(delay.value) });
    // The slider shows what the simulator does.
    pace = answer === null ? pace : String(answer.delay_millis);
    delay.value = pace;
    tell();
  });
  onChange(oncePerFrame(tellOfSkip));
  byId('skip-time').querySelectorAll('button').forEach((button) => {
    button.addEventListener('click', async () => {
      skip = null;
      const open = [...all()].filter(isOpen).map((row) => row.task_id);
      const answer = await ask('time-note', '/api/time', { minutes: Number(button.dataset.minutes) });
      if (answer !== null) {
        skip = { now: answer.now, open };
        tellOfSkip();
      }
    });
  });
}

/** The last skip: the stack's time after it, and the tasks that were open before. */
let skip = null;

/** Whether a task has not ended: one of unknown outcome is red, and open until it is due. */
const isOpen = (row) => row.open;

/** What a skip did: the poll takes a moment, so this is said again whenever a task changes. */
function tellOfSkip() {
  if (skip !== null) {
    const rows = skip.open.map(find).filter((row) => row !== undefined);
    const number = (colours) => rows.filter((row) => !isOpen(row) && colour(row) === colours).length;
    say('time-note', `Done: it is ${clock(skip.now)} for the stack. ${rows.length === 0 ? 'No task was open.'
      : `Of ${rows.length} open ${rows.length === 1 ? 'task' : 'tasks'}: ${number('green')} green now, ${number('red')} red, `
        + `${rows.filter(isOpen).length} still open.`}`);
  }
}
