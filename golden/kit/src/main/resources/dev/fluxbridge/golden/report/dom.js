'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);

/** Sets attributes, listens to events, adds children. Texts stay texts: nothing here is markup. */
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

const number = value => typeof value === 'number' ? value.toLocaleString('en', {maximumSignificantDigits: 4, useGrouping: false}) : value === null ? '–' : String(value);
const percent = share => number(share * 100) + ' %';
const two = n => String(n).padStart(2, '0');
const distinct = values => [...new Set(values)].sort();
const shortClass = name => name.slice(name.lastIndexOf('.') + 1);

/** A moment in the reader's own time. */
function moment(at) {
  const t = new Date(at);
  return Number.isNaN(t.getTime()) ? String(at) : `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}
const time = at => el('time', {datetime: at, title: at}, moment(at));

/** Each status has a sign and a word, for those who do not see its colour. */
const STATUSES = {
  error: ['!', 'error'], failed: ['✗', 'failed'], missing: ['?', 'no golden'], obsolete: ['∅', 'obsolete'],
  written: ['✎', 'written'], unchanged: ['=', 'unchanged'], passed: ['✓', 'passed'],
};
const BAD = ['error', 'failed', 'missing'];
const badge = status => el('span', {class: 'status ' + status}, el('span', {class: 'sign', 'aria-hidden': 'true'}, STATUSES[status][0]), ' ' + STATUSES[status][1]);

/** How far from its golden, in so many times what is allowed. */
const times = value => value === 'infinite' ? '∞' : number(value >= 100 ? Math.round(value) : value >= 1 ? Math.round(value * 10) / 10 : Math.round(value * 100) / 100) + '×';
const measured = one => one.nearness.measure !== '';

/** A picture that the page holds, as an address; empty where it holds none. */
function source(picture) {
  const held = picture && picture.shown !== undefined && byId('picture-' + picture.shown);
  return held ? `data:${held.type};base64,${held.textContent}` : '';
}

/** Columns are numbers unless their head is a {text}. */
function table(caption, heads, rows) {
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    el('table', {},
      el('thead', {}, el('tr', {}, heads.map(head => el('th', {scope: 'col', class: head.text && 'text'}, head.text || head)))),
      el('tbody', {}, rows.map(cells => el('tr', {}, cells.map((cell, i) =>
        i === 0 ? el('th', {scope: 'row'}, cell) : cell instanceof Node && cell.nodeName === 'TD' ? cell : el('td', {}, cell)))))));
}

/** Fills a select; it is hidden where there is nothing to choose. */
function choices(select, entries) {
  select.replaceChildren(...entries.map(([value, label]) => el('option', {value}, label)));
  select.parentElement.hidden = entries.length < 3;
}
