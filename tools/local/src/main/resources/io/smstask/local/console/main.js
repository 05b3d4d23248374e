// The page: its parts and its events.

import * as bulk from './bulk.js';
import * as detail from './detail.js';
import * as diagram from './diagram.js';
import * as form from './form.js';
import * as list from './list.js';
import * as phone from './phone.js';
import * as simulator from './simulator.js';
import { NO_ANSWER, get, listen } from './api.js';
import { byId } from './dom.js';
import { forget, say } from './ask.js';
import { replaceAll, take } from './tasks.js';

const AGAIN_MILLIS = 2_000;
let isOpen = false;

function connected(isNow) {
  isOpen = isNow;
  byId('connection').textContent = isNow ? 'live' : 'not connected: trying again …';
  byId('connection').classList.toggle('lost', !isNow);
}

async function readSetup() {
  for (;;) {
    const { status, json } = await get('/api/setup');
    if (status === 200) {
      return json;
    }
    connected(false);
    await new Promise((done) => { setTimeout(done, AGAIN_MILLIS); });
  }
}

const setup = await readSetup();
diagram.start();
list.start();
detail.start();
form.start(setup);
bulk.start(setup);
simulator.start(setup);

const isSimulated = setup.ends !== undefined;
byId('twilio').textContent = isSimulated ? 'Twilio is simulated: no SMS leaves this machine'
  : 'The real Twilio: each SMS costs money';
byId('twilio').classList.toggle('real', !isSimulated);

document.querySelectorAll('.links a').forEach((link) => link.addEventListener('click', (event) => {
  say('export-note', isOpen ? '' : NO_ANSWER, !isOpen);
  if (!isOpen) {
    event.preventDefault();
  }
}));

const kind = ({ delay_millis, ...rest }) => JSON.stringify(rest);

/** Repeats what failed. Another stack, perhaps with the real Twilio, needs a new page. */
async function back() {
  say('export-note', '');
  forget();
  if (kind(await readSetup()) === kind(setup)) {
    form.again();
    bulk.again();
  } else {
    window.location.reload();
  }
}

let wasLost = false;
listen({
  all: ({ tasks }) => replaceAll(tasks),
  tasks: ({ tasks }) => take(tasks),
  phone: phone.draw,
  bulk: bulk.draw,
}, (isNow) => {
  connected(isNow);
  if (isNow && wasLost) {
    back();
  }
  wasLost = !isNow;
});
