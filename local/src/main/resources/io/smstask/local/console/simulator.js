// The simulator's pace, and time that need not be waited for.

import { byId, show } from './dom.js';
import { post } from './api.js';

export function start(stage) {
  show(byId('speed'), stage.delay_millis !== undefined);
  show(byId('skip-time'), stage.time);
  const delay = byId('delay');
  delay.value = stage.delay_millis ?? 0;
  const tell = () => {
    byId('delay-shown').textContent = `${delay.value} ms`;
  };
  tell();
  delay.addEventListener('input', tell);
  delay.addEventListener('change', () => post('/api/simulator', { delay_millis: Number(delay.value) }));
  byId('skip-time').querySelectorAll('button').forEach((button) => {
    button.addEventListener('click', () => post('/api/time', { minutes: Number(button.dataset.minutes) }));
  });
}
