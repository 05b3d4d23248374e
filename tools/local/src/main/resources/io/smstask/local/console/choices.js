// What the simulator does with a message: its end, which depends on the recipient, and its fault.

import { element } from './dom.js';

const OTHER_NUMBER = '+15558675310';
const end = element('select', { id: 'end-choice' });
const fault = element('select', { id: 'fault' }, element('option', { value: '' }, 'nothing'));

/** The two choices, or nothing without a simulator. `recipient` gets the number that leads to the chosen end. */
export function choicesOf({ ends, faults }, recipient) {
  if (ends === undefined) {
    return [];
  }
  ends.forEach(({ group, number, words }) => groupOf(group).append(
    element('option', { value: number }, number === '' ? `${words} (any other number)` : `${words} (${number})`)));
  fault.append(...faults.map(({ name, words }) => element('option', { value: name }, words)));
  end.addEventListener('change', () => recipient(end.value || OTHER_NUMBER));
  return [element('fieldset', {}, element('legend', {}, 'Simulator'),
    element('label', { for: 'end-choice' }, 'How it ends'), end,
    element('span', { class: 'hint' }, 'Sets Number_to, which decides the end.'),
    element('label', { for: 'fault' }, 'What goes wrong'), fault)];
}

function groupOf(label) {
  const last = end.lastElementChild;
  if (last?.label === label) {
    return last;
  }
  const group = element('optgroup', { label });
  end.append(group);
  return group;
}

/** Shows the end that a recipient leads to. */
export function follow(number) {
  end.value = number;
  if (end.selectedIndex < 0) {
    end.value = '';
  }
}

/** The end is a recipient, so it can be chosen only if the form can change the task. */
export function enable(isEnabled) {
  end.disabled = !isEnabled;
}

/** The fault that was chosen; empty for none. */
export const chosenFault = () => fault.value;

export function clearFault() {
  fault.value = '';
}
