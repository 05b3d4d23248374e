// The page: its parts, and what it is told.

import * as bulk from './bulk.js';
import * as detail from './detail.js';
import * as diagram from './diagram.js';
import * as form from './form.js';
import * as list from './list.js';
import * as phone from './phone.js';
import * as simulator from './simulator.js';
import { byId } from './dom.js';
import { get, listen } from './api.js';
import { replaceAll, take } from './tasks.js';

const { json: stage } = await get('/api/stage');
diagram.start();
list.start();
detail.start();
form.start(stage);
bulk.start(stage);
simulator.start(stage);

const isSimulated = stage.ends !== undefined;
byId('twilio').textContent = isSimulated ? 'Twilio is simulated: no SMS leaves this machine'
  : 'The real Twilio: each SMS costs money';
byId('twilio').classList.toggle('real', !isSimulated);

listen({
  all: ({ tasks }) => replaceAll(tasks),
  tasks: ({ tasks }) => take(tasks),
  phone: phone.draw,
  bulk: bulk.draw,
}, (isOpen) => {
  byId('connection').textContent = isOpen ? 'live' : 'not connected: trying again …';
  byId('connection').classList.toggle('lost', !isOpen);
});
