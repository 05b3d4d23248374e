// The two processes as drawn: nodes and arrows, with Twilio between them.

const GATE = 'gate';
const WORK = 'work';
const RED = 'red';

/** x and y are a node's centre. The node without a kind is Twilio. */
export const NODES = {
  START: { x: 330, y: 66, name: 'Start', kind: 'start' },
  CALLING_API: { x: 330, y: 136, name: 'Calling API', kind: WORK },
  IS_STATUS_RECEIVED: { x: 330, y: 220, name: 'Is status received?', kind: GATE },
  COPY_TASK: { x: 330, y: 304, name: 'Copy task to get callback', kind: WORK },
  WAITING: { x: 330, y: 388, name: 'Waiting for Callback', kind: WORK },
  RETURN_STATUS: { x: 330, y: 472, name: 'Return status', kind: WORK },
  FINAL: { x: 330, y: 548, name: 'Final', kind: 'green' },
  TWILIO_ERROR: { x: 110, y: 104, name: 'Error from Twilio', kind: RED },
  CALL_ERROR: { x: 110, y: 168, name: 'Error calling API', kind: RED },
  EMPTY_STATUS: { x: 110, y: 236, name: 'Status is empty', kind: RED },
  NOT_DELIVERED: { x: 110, y: 388, name: 'Not delivered', kind: RED },
  TWILIO: { x: 736, y: 136, name: 'Twilio', kind: 'outside' },
  POLL: { x: 832, y: 304, name: 'Poll: ask Twilio', kind: WORK },
  CALLBACK: { x: 640, y: 304, name: 'Callback', kind: WORK },
  STATUS: { x: 736, y: 388, name: 'Status?', kind: GATE },
  MODIFY_TASK: { x: 736, y: 472, name: 'Modify task', kind: WORK },
};

/** From, to, the points between, and a word beside the arrow. */
export const ARROWS = [
  ['START', 'CALLING_API', 'M330 80 V112'],
  ['CALLING_API', 'TWILIO_ERROR', 'M246 128 C216 128 226 104 194 104'],
  ['CALLING_API', 'CALL_ERROR', 'M246 144 C216 144 226 168 194 168'],
  ['CALLING_API', 'IS_STATUS_RECEIVED', 'M330 160 V196'],
  ['IS_STATUS_RECEIVED', 'EMPTY_STATUS', 'M246 226 C216 226 226 236 194 236'],
  ['IS_STATUS_RECEIVED', 'COPY_TASK', 'M330 244 V280'],
  ['COPY_TASK', 'WAITING', 'M330 328 V364'],
  ['WAITING', 'NOT_DELIVERED', 'M246 388 H194'],
  ['WAITING', 'RETURN_STATUS', 'M330 412 V448'],
  ['RETURN_STATUS', 'FINAL', 'M330 496 V524'],
  ['CALL_ERROR', 'WAITING', 'M26 168 C-4 168 6 330 90 340 H220 C240 340 248 350 256 364', 'healed'],
  ['EMPTY_STATUS', 'WAITING', 'M26 236 C4 236 10 325 90 340 H220 C240 340 248 350 256 364'],
  ['CALLING_API', 'TWILIO', 'M414 136 H658', 'one POST'],
  ['TWILIO', 'CALLBACK', 'M700 160 C700 220 640 220 640 280', 'status callback'],
  ['TWILIO', 'POLL', 'M772 160 C772 220 832 220 832 280', 'if none comes'],
  ['CALLBACK', 'STATUS', 'M640 328 C640 350 690 350 700 364'],
  ['POLL', 'STATUS', 'M832 328 C832 350 782 350 772 364'],
  ['STATUS', 'MODIFY_TASK', 'M736 412 V448'],
  ['MODIFY_TASK', 'WAITING', 'M652 472 C560 472 520 396 414 392', 'status'],
];

export const FRAMES = [
  { x: 4, y: 14, width: 470, height: 572, name: 'Sending SMS', nameAt: [20, 38] },
  { x: 540, y: 258, width: 392, height: 276, name: 'Getting callback', nameAt: [556, 522] },
];

/** A label's position, by its arrow's word. */
export const LABELS = {
  healed: [150, 332],
  'one POST': [566, 126],
  'status callback': [606, 218],
  'if none comes': [872, 218],
  status: [508, 456],
};

export const nameOf = (place) => NODES[place].name;

/** Ends at which Twilio was not called. */
const NOT_CALLED = ['connect_failed', 'store_unavailable'];

/** Whether a task's message reached Twilio, or may have. */
export const isWithTwilio = (row) => row.path.length > 2 && !NOT_CALLED.includes(row.code);

/** Whether an arrow leads back from a red end: a later status has healed the task. */
export const isHealing = ([from]) => NODES[from].kind === RED;

/** The arrows that a task took: those between two nodes of its path. */
export function taken(row) {
  const visited = new Set(row.path);
  if (isWithTwilio(row)) {
    visited.add('TWILIO');
  }
  return ARROWS.filter((arrow) => visited.has(arrow[0]) && visited.has(arrow[1])
    && !(isHealing(arrow) && row.path.at(-1) === arrow[0]));
}
