// Draws the processes, counts the tasks at each node, and highlights the path of the selected one.

import { byId, oncePerFrame, svg } from './dom.js';
import { ARROWS, FRAMES, LABELS, NODES, isHealing, isWithTwilio, taken } from './processes.js';
import { all, find, onChange, place, state, through } from './tasks.js';

const SIZES = { start: [28, 28], work: [168, 48], gate: [168, 48], green: [168, 48], red: [168, 48], outside: [156, 48] };
const nodes = new Map();
const arrows = new Map();

export function start() {
  const picture = svg('svg', { viewBox: '0 0 940 600', class: 'processes' },
    svg('defs', {}, marker('arrow'), marker('arrow-lit')));
  FRAMES.forEach((frame) => picture.append(...frameOf(frame)));
  ARROWS.forEach((arrow) => picture.append(...arrowOf(arrow)));
  Object.entries(NODES).forEach(([id, node]) => picture.append(nodeOf(id, node)));
  byId('diagram').append(picture);
  onChange(oncePerFrame(draw));
}

function marker(id) {
  return svg('marker', { id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 11, markerHeight: 11, markerUnits: 'userSpaceOnUse',
    orient: 'auto' },
    svg('path', { d: 'M0 0 L8 4 L0 8 z', class: id }));
}

function frameOf({ x, y, width, height, name, nameAt }) {
  return [svg('rect', { x, y, width, height, rx: 12, class: 'frame' }),
    svg('text', { x: nameAt[0], y: nameAt[1], class: 'frame-name' }, name)];
}

function arrowOf(arrow) {
  const [from, to, path, word] = arrow;
  const line = svg('path', { d: path, class: isHealing(arrow) ? 'arrow healed' : 'arrow' });
  arrows.set(`${from} ${to}`, line);
  const label = word === undefined ? [] : [svg('text', { x: LABELS[word][0], y: LABELS[word][1], class: 'word' }, word)];
  return [line, ...label];
}

function nodeOf(id, { x, y, name, kind }) {
  const [width, height] = SIZES[kind];
  const round = kind === 'start' ? 14 : kind === 'green' || kind === 'red' ? 24 : 8;
  const box = { x: x - width / 2, y: y - height / 2, width, height, rx: round };
  if (kind === 'outside') {
    return svg('g', { class: 'node outside', id: `node-${id}` }, svg('rect', box), text(name, x, y + 5));
  }
  if (kind === 'start') {
    const start = svg('g', { class: 'node start' }, svg('circle', { cx: x, cy: y, r: 14 }), text(name, x + 40, y + 5));
    nodes.set(id, { group: start });
    return start;
  }
  const here = svg('tspan', { class: 'here' });
  const came = svg('tspan');
  const ring = { x: box.x - 6, y: box.y - 6, width: width + 12, height: height + 12, rx: round + 6, class: 'ring' };
  const group = svg('g', { class: `node ${kind}`, id: `node-${id}`, role: 'button', tabindex: 0, 'aria-pressed': 'false' },
    svg('rect', ring), svg('rect', box), text(name, x, y - 3), ' ',
    svg('text', { x, y: y + 16, class: 'counts' }, here, came));
  group.addEventListener('click', () => toggle(id));
  group.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      toggle(id);
    }
  });
  nodes.set(id, { group, here, came });
  return group;
}

function text(content, x, y) {
  return svg('text', { x, y, class: 'name' }, content);
}

function toggle(id) {
  through(place() === id ? '' : id);
}

function draw() {
  const here = {};
  const came = {};
  for (const row of all()) {
    const last = row.path.at(-1);
    here[last] = (here[last] ?? 0) + 1;
    row.path.forEach((at) => {
      came[at] = (came[at] ?? 0) + 1;
    });
  }
  const chosen = find(state.chosen);
  const path = chosen?.path ?? [];
  for (const [id, node] of nodes) {
    node.group.classList.toggle('lit', path.includes(id));
    node.group.classList.toggle('at', path.at(-1) === id);
    if (node.here) {
      const standing = here[id] ?? 0;
      node.here.textContent = standing === 0 ? '' : `${standing} here, `;
      node.came.textContent = `${came[id] ?? 0} through`;
      node.group.setAttribute('aria-pressed', String(place() === id));
    }
  }
  byId('node-TWILIO').classList.toggle('lit', chosen !== undefined && isWithTwilio(chosen));
  const lit = new Set((chosen === undefined ? [] : taken(chosen)).map(([from, to]) => `${from} ${to}`));
  arrows.forEach((line, key) => line.classList.toggle('lit', lit.has(key)));
}
