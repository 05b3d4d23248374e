// The list of tasks: a list box with one tab stop and arrow keys.

import { byId, clock, element, oncePerFrame, show } from './dom.js';
import { choose, colour, count, matching, onChange, place, search, state, through } from './tasks.js';
import { nameOf } from './processes.js';

const PAGE = 1000;
const list = byId('list');
const options = new Map();
let limit = PAGE;

export function start() {
  byId('search').addEventListener('input', (event) => search(event.target.value));
  byId('filter').querySelector('button').addEventListener('click', () => through(''));
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
  show(list, count() > 0);
  show(byId('filter'), place() !== '');
  byId('filter').querySelector('span').textContent = place() === '' ? '' : `Came through: ${nameOf(place())}`;
  if (options.has(state.chosen)) {
    list.setAttribute('aria-activedescendant', options.get(state.chosen).element.id);
  } else {
    list.removeAttribute('aria-activedescendant');
  }
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
      element('span', { class: 'time' }, row.created_at === undefined ? '' : clock(row.created_at).slice(0, 8)),
      element('span', { class: 'to' }, row.number_to ?? 'erased'),
      element('span', { class: 'state' }, row.code ?? row.status ?? row.node),
    );
    option.element.className = colour(row);
  }
  option.element.setAttribute('aria-selected', String(row.task_id === state.chosen));
  return option.element;
}
