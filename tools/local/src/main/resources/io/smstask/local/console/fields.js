// The parameters of a task as form fields, and back.

import { HIDDEN, SECRETS } from './editor.js';
import { element } from './dom.js';

const BOOLEAN = ['', 'true', 'false'];

/** The source's five, then Twilio's further ones and ours. */
export const MAIN = [
  { name: 'AuthToken', type: 'password', hint: 'If this and AccountSid are empty, the stack\'s own account sends.' },
  { name: 'AccountSid', hint: 'AC and 32 hexadecimal digits' },
  { name: 'Number_to', required: true, hint: 'The recipient, with + and the country code' },
  { name: 'Number_from', required: true, hint: 'Your Twilio number; or a MessagingServiceSid below' },
  { name: 'Body', required: true, rows: 3 },
];

export const ADVANCED = [
  { name: 'task_id', hint: 'The idempotency key: the same id never sends twice' },
  { name: 'SigningAuthToken', type: 'password', hint: 'With an AuthToken, while Twilio signs with another one' },
  { name: 'MessagingServiceSid' },
  { name: 'MediaUrl', hint: 'Up to ten URLs, separated by spaces', list: true },
  { name: 'ContentSid' },
  { name: 'ContentVariables' },
  { name: 'ValidityPeriod', hint: 'Seconds', integer: true },
  { name: 'ScheduleType', choices: ['', 'fixed'] },
  { name: 'SendAt', hint: 'RFC 3339, with ScheduleType and a messaging service' },
  { name: 'SmartEncoded', choices: BOOLEAN },
  { name: 'ShortenUrls', choices: BOOLEAN },
  { name: 'SendAsMms', choices: BOOLEAN },
  { name: 'RiskCheck', choices: ['', 'enable', 'disable'] },
  { name: 'ContentRetention', choices: ['', 'retain', 'discard'] },
  { name: 'AddressRetention', choices: ['', 'retain', 'obfuscate'] },
  { name: 'FallbackFrom' },
  { name: 'context', hint: 'Your own JSON object, returned unchanged', json: true },
];

const ALL = [...MAIN, ...ADVANCED];
const inputs = new Map();
/** The last token of each field, for which the editor shows three stars. */
const tokens = new Map();

/** The tasks API's own names, where the form has the source's. */
const WIRE = { Number_to: 'number_to', Number_from: 'number_from', Body: 'body' };

const spellings = ({ name }) => (WIRE[name] === undefined ? [name] : [name, WIRE[name]]);

/** A labelled input with its hint and its problem. */
export function fieldOf(field) {
  const id = `field-${field.name}`;
  const attributes = { id, name: field.name, autocomplete: 'off', spellcheck: 'false',
    'aria-describedby': `${id}-hint ${id}-problem` };
  if (field.required) {
    attributes['aria-required'] = 'true';
  }
  const input = field.choices
    ? element('select', attributes, ...field.choices.map((choice) => element('option', { value: choice }, choice || '—')))
    : field.rows ? element('textarea', { ...attributes, rows: field.rows })
      : element('input', { ...attributes, type: field.type ?? 'text' });
  inputs.set(field.name, input);
  const star = field.required ? [element('span', { class: 'star', 'aria-hidden': 'true' }, ' *')] : [];
  return element('div', { class: 'field' }, element('label', { for: id }, field.name, ...star), input,
    element('span', { class: 'hint', id: `${id}-hint` }, field.hint ?? ''),
    element('span', { class: 'problem', id: `${id}-problem` }));
}

export const input = (name) => inputs.get(name);

/** Shows a task. */
export function set(task) {
  ALL.forEach((field) => {
    const spelling = spellings(field).find((name) => Object.hasOwn(task, name));
    const value = spelling === undefined ? '' : written(task[spelling]);
    const isHidden = SECRETS.includes(field.name) && value === HIDDEN;
    inputs.get(field.name).value = isHidden ? tokens.get(field.name) ?? '' : value;
    keepToken(field.name);
  });
}

function keepToken(name) {
  const { value } = inputs.get(name);
  if (SECRETS.includes(name) && value !== '') {
    tokens.set(name, value);
  }
}

function written(value) {
  if (value === null) {
    return '';
  }
  return Array.isArray(value) ? value.join(' ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The members of a task that no field can show. */
export function unseen(task) {
  const seen = ALL.map((field) => [field, spellings(field).find((name) => Object.hasOwn(task, name))])
    .filter(([field, name]) => name !== undefined && isSeen(field, task[name])).map(([, name]) => name);
  return Object.keys(task).filter((name) => !seen.includes(name));
}

function isSeen(field, value) {
  if (SECRETS.includes(field.name) && value === HIDDEN) {
    return true;
  }
  const text = inputs.get(field.name).value;
  const fits = Array.isArray(value) ? field.list && value.every((one) => typeof one === 'string' && /^\S+$/.test(one))
    : typeof value !== 'object' || value !== null && field.json;
  return fits && (text === written(value) || JSON.stringify(typed(field, text)) === JSON.stringify(value));
}

/** Whether a task has further parameters besides its id. */
export const hasFurther = (task) => ADVANCED.some(({ name }) => name !== 'task_id' && Object.hasOwn(task, name));

/** Copies a field into a task, in the task's spelling of the name. */
export function edit(name, task) {
  const field = ALL.find((known) => known.name === name);
  const text = inputs.get(name).value;
  keepToken(name);
  const present = spellings(field).filter((spelling) => Object.hasOwn(task, spelling));
  (present.length === 0 ? [name] : present).forEach((spelling) => {
    if (text === '') {
      delete task[spelling];
    } else {
      task[spelling] = SECRETS.includes(name) ? HIDDEN : typed(field, text);
    }
  });
}

/** The tokens that are three stars in a task. */
export function hidden(task) {
  return Object.fromEntries(SECRETS.filter((name) => task[name] === HIDDEN && tokens.has(name))
    .map((name) => [name, tokens.get(name)]));
}

/** Whether a token is the form's. */
export const isToken = (name, token) => tokens.get(name) === token;

/** Invalid numbers and JSON are sent as text: the function says what is wrong. */
function typed(field, text) {
  if (field.list) {
    return text.trim().split(/\s+/);
  }
  if (field.integer && /^(0|[1-9][0-9]{0,8})$/.test(text)) {
    return Number(text);
  }
  if (field.choices === BOOLEAN) {
    return text === 'true';
  }
  if (field.json) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

/** Shows each problem at its field; returns those without a field. */
export function showProblems(problems) {
  const left = [];
  ALL.forEach(({ name }) => mark(name, ''));
  problems.forEach(({ field, message }) => {
    const known = ALL.find(({ name }) => name === field || WIRE[name] === field);
    if (known) {
      mark(known.name, message);
    } else {
      left.push(`${field} ${message}`);
    }
  });
  return left;
}

function mark(name, message) {
  const input = inputs.get(name);
  input.setAttribute('aria-invalid', String(message !== ''));
  const further = input.closest('details');
  if (message !== '' && further) {
    further.open = true;
  }
  document.getElementById(`field-${name}-problem`).textContent = message;
}
