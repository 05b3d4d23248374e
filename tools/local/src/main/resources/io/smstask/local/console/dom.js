// Elements are created, never parsed: whatever a task contains is text and nothing else.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; a child that is a string becomes text. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Merges many calls in a row into one, before the next frame is painted. */
export function oncePerFrame(action) {
  let isWaiting = false;
  return () => {
    if (!isWaiting) {
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        action();
      }, 16);
    }
  };
}

export function show(shown, isShown) {
  shown.hidden = !isShown;
}

/** An external link, if the address is http or https. */
export function link(address) {
  return /^https?:\/\//.test(address)
    ? element('a', { href: address, rel: 'noreferrer noopener', target: '_blank' }, address)
    : address;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const upTo = (end) => (time) => `${Number(time.slice(8, 10))} ${MONTHS[Number(time.slice(5, 7)) - 1]} ${time.slice(11, end)} UTC`;

/** Day and minute, in UTC as callers get it. */
export const clock = upTo(16);

/** To the millisecond. */
export const exactly = upTo(23);
