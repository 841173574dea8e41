'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);

/** Sets attributes, listens to events, adds children. Texts stay texts: nothing here is markup. */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}
const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
const svg = (name, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);

const number = value => value.toLocaleString('en', {maximumSignificantDigits: 4, useGrouping: false});
const known = value => value !== null && value !== undefined;
const percent = share => number(share * 100) + ' %';
const seconds = milliseconds => number(milliseconds / 1000) + ' s';
const two = n => String(n).padStart(2, '0');

/** A moment in the reader's own time. */
function moment(at, withSeconds) {
  const t = new Date(at);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}` + (withSeconds ? ':' + two(t.getSeconds()) : '');
}
const time = at => el('time', {datetime: at, title: at}, moment(at, true));

/** How each metric is written. */
const VALUES = {
  'error-rate': percent, 'mask-changed': percent, 'latency-p95': seconds, 'cost-per-call': number, 'distance': number,
};
const hue = backend => (['local', 'fal', 'openai'].includes(backend) ? backend : 'other');

function table(caption, heads, rows) {
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    el('table', {},
      el('thead', {}, el('tr', {}, heads.map(head => el('th', {scope: 'col'}, head)))),
      el('tbody', {}, rows.map(cells => el('tr', {}, cells.map((cell, i) =>
        i === 0 ? el('th', {scope: 'row'}, cell) : cell instanceof Node && cell.nodeName === 'TD' ? cell : el('td', {}, cell)))))));
}

/** Fills a select; the first entry is chosen unless the former choice is still there. */
function choices(select, entries) {
  const before = select.value;
  select.replaceChildren(...entries.map(([value, label]) => el('option', {value}, label)));
  if (entries.some(([value]) => value === before)) select.value = before;
}
const distinct = values => [...new Set(values)].sort();
