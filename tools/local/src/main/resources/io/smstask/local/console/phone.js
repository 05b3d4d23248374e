// The recipient's phone: what the simulator has delivered.

import { byId, element } from './dom.js';

export function draw({ count, messages }) {
  byId('phone').hidden = false;
  byId('phone-count').textContent = count === 0 ? '' : String(count);
  byId('screen').replaceChildren(...(messages.length === 0 ? [element('li', { class: 'hint' }, 'No message yet')]
    : messages.map(({ to, body }) => element('li', {},
      element('span', { class: 'hint' }, to), element('p', {}, body || '(media or template)')))));
}
