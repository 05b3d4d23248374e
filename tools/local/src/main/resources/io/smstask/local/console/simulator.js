// The simulator's pace, and skipping time.

import { ask, say } from './ask.js';
import { byId, show } from './dom.js';

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
  byId('skip-time').querySelectorAll('button').forEach((button) => {
    button.addEventListener('click', async () => {
      const answer = await ask('time-note', '/api/time', { minutes: Number(button.dataset.minutes) });
      if (answer !== null) {
        say('time-note', `Done: it is ${answer.now.slice(0, 16).replace('T', ' ')} UTC for the stack.`);
      }
    });
  });
}
