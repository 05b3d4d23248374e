// Many tasks: a file of recipients, or a hundred alike; how far they are, and what was refused.

import { byId, element, show } from './dom.js';
import { post } from './api.js';
import { template } from './form.js';

export function start(stage) {
  show(byId('hundred-row'), stage.ends !== undefined);
  byId('hundred').addEventListener('click', () => begin({ count: 100, defaults: template() }));
  byId('file').addEventListener('change', read);
  byId('stop').addEventListener('click', () => post('/api/bulk/stop', {}));
}

async function read(event) {
  const [file] = event.target.files;
  if (file !== undefined) {
    await begin({ csv: await file.text(), defaults: template() });
    event.target.value = '';
  }
}

async function begin(tasks) {
  const { status, json } = await post('/api/bulk', tasks);
  if (status !== 202) {
    show(byId('bulk'), true);
    byId('bulk-text').textContent = json.message;
  }
}

export function draw({ total, done, refused, unsent, refusals }) {
  show(byId('bulk'), total > 0);
  show(byId('stop'), done + unsent < total);
  byId('progress').max = Math.max(total, 1);
  byId('progress').value = done;
  byId('bulk-text').textContent = `${done} of ${total} done`
    + (refused > 0 ? `, ${refused} refused` : '') + (unsent > 0 ? `, ${unsent} not sent` : '');
  byId('refusals').replaceChildren(...refusals.map(({ row, message }) => element('li', {}, `row ${row}: ${message}`)));
}
