// The list of tasks: a list box with one tab stop and arrow keys.

import { byId, clock, element, oncePerFrame, show } from './dom.js';
import {
  all, choose, chosenColour, colour, coloured, count, matching, onChange, place, search, showAll, state, through,
} from './tasks.js';
import { nameOf } from './processes.js';

const PAGE = 1000;
const list = byId('list');
const options = new Map();
let limit = PAGE;

export function start() {
  byId('search').addEventListener('input', (event) => search(event.target.value));
  byId('filter').querySelector('button').addEventListener('click', () => through(''));
  byId('colours').addEventListener('click', (event) => {
    const chip = event.target.closest('button');
    if (chip) {
      coloured(chip.dataset.colour === chosenColour() ? '' : chip.dataset.colour);
    }
  });
  byId('nothing').querySelector('button').addEventListener('click', () => {
    byId('search').value = '';
    showAll();
    byId('search').focus();
  });
  byId('more').addEventListener('click', () => {
    limit += PAGE;
    draw();
  });
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) {
      choose(option.dataset.id);
      watch();
    }
  });
  list.addEventListener('keydown', move);
  onChange(oncePerFrame(draw));
}

/** Scrolls the diagram into view if it is not beside the list. */
export function watch() {
  if (window.matchMedia('(max-width: 760px)').matches) {
    byId('processes').scrollIntoView();
  }
}

function move(event) {
  const rows = [...list.children];
  const at = rows.findIndex((option) => option.dataset.id === state.chosen);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  const next = rows[to];
  if (next) {
    event.preventDefault();
    choose(next.dataset.id);
    next.scrollIntoView({ block: 'nearest' });
  }
}

/** Keeps unchanged rows, so that only changed tasks cost time. */
function draw() {
  const rows = matching();
  const shown = rows.slice(0, limit);
  let before = null;
  for (const row of shown) {
    const option = optionOf(row);
    const next = before === null ? list.firstChild : before.nextSibling;
    if (option !== next) {
      list.insertBefore(option, next);
    }
    before = option;
  }
  while (list.lastChild !== before) {
    list.lastChild.remove();
  }
  byId('count').textContent = rows.length === count() ? `${count()}` : `${rows.length} of ${count()}`;
  show(byId('more'), rows.length > limit);
  byId('more').textContent = `Show ${Math.min(PAGE, rows.length - limit)} more`;
  show(byId('empty'), count() === 0);
  show(byId('nothing'), rows.length === 0 && count() > 0);
  show(list, rows.length > 0);
  drawColours();
  show(byId('filter'), place() !== '');
  byId('filter').querySelector('span').textContent = place() === '' ? '' : `Came through: ${nameOf(place())}`;
  if (options.has(state.chosen)) {
    list.setAttribute('aria-activedescendant', options.get(state.chosen).element.id);
  } else {
    list.removeAttribute('aria-activedescendant');
  }
}

function drawColours() {
  const counts = { green: 0, red: 0, moving: 0 };
  for (const row of all()) {
    counts[colour(row)] += 1;
  }
  byId('colours').querySelectorAll('button').forEach((chip) => {
    chip.setAttribute('aria-pressed', String(chip.dataset.colour === chosenColour()));
    chip.lastElementChild.textContent = String(counts[chip.dataset.colour]);
  });
}

function optionOf(row) {
  let option = options.get(row.task_id);
  if (option === undefined) {
    option = { element: element('li', { role: 'option', id: `row-${row.task_id}` }), row: null };
    option.element.dataset.id = row.task_id;
    options.set(row.task_id, option);
  }
  if (option.row !== row) {
    option.row = row;
    option.element.replaceChildren(
      element('span', { class: 'id' }, row.task_id),
      row.created_at === undefined
        ? element('span', { class: 'time' })
        : element('time', { class: 'time', datetime: row.created_at }, clock(row.created_at)),
      element('span', { class: 'to' }, row.number_to ?? 'erased'),
      element('span', { class: 'state' }, row.code ?? row.status ?? row.node),
      ...(row.reason === undefined ? [] : [element('span', { class: 'why' }, `${row.reason}: ${(row.message ?? '').split(' Twilio says:')[0]}`)]),
    );
    option.element.className = colour(row);
  }
  option.element.setAttribute('aria-selected', String(row.task_id === state.chosen));
  return option.element;
}
