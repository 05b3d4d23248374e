// The parameters of a task as form fields, and back.

import { element } from './dom.js';

const BOOLEAN = ['', 'true', 'false'];

/** The source's five, then Twilio's further ones and ours. */
export const MAIN = [
  { name: 'AuthToken', type: 'password', hint: 'Left empty with AccountSid: the stack\'s own account.' },
  { name: 'AccountSid', hint: 'AC and 32 hexadecimal digits' },
  { name: 'Number_to', required: true, hint: 'The recipient, with + and the country code' },
  { name: 'Number_from', required: true, hint: 'Your Twilio number; or a MessagingServiceSid below' },
  { name: 'Body', required: true, rows: 3 },
];

export const ADVANCED = [
  { name: 'task_id', hint: 'The idempotency key: the same id never sends twice' },
  { name: 'MessagingServiceSid' },
  { name: 'MediaUrl', hint: 'Up to ten addresses, with a space between', list: true },
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
  { name: 'context', hint: 'A JSON object of your own, given back untouched', json: true },
];

const ALL = [...MAIN, ...ADVANCED];
const inputs = new Map();

/** How an answer names the field that the form names so. */
const WIRE = { Number_to: 'number_to', Number_from: 'number_from', Body: 'body' };

/** A labelled input, with its hint and a place for its problem. */
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

export function set(values) {
  ALL.forEach((field) => {
    const value = values[field.name];
    inputs.get(field.name).value = value === undefined ? '' : written(value);
  });
}

function written(value) {
  return Array.isArray(value) ? value.join(' ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The parameters that have a value. What is no number or no JSON goes as text: the function says what is wrong. */
export function values() {
  const given = {};
  ALL.forEach((field) => {
    const text = inputs.get(field.name).value;
    if (text !== '') {
      given[field.name] = typed(field, text);
    }
  });
  return given;
}

function typed(field, text) {
  if (field.list) {
    return text.trim().split(/\s+/);
  }
  if (field.integer && /^[0-9]{1,9}$/.test(text)) {
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

/** Shows each problem at its field; gives those that belong to none. */
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
  inputs.get(name).setAttribute('aria-invalid', String(message !== ''));
  document.getElementById(`field-${name}-problem`).textContent = message;
}
