'use strict';
const CARDS = 24;
let cardsShown = CARDS;
let found = [];

/** What a record says it differs in, if it does. */
const kinds = one => [].concat(one.kind || (one.record && one.record.call && (one.record.call.kind || one.record.call.kinds)) || []).map(String);
const promptOf = one => String((one.record && one.record.call && (one.record.call.prompt || (one.record.call.arguments || one.record.call.request || {}).prompt)) || '');
const contains = (one, text) => `${one.text} ${one.id} ${JSON.stringify(one.record ? one.record.call : '')}`.toLowerCase().includes(text);

function picture(one, side) {
  const source = one.record && one.record[side];
  const road = one[side];
  const label = `${side === 'served' ? 'served' : 'beside it'}: ${road}`;
  if (!source) {
    return el('div', {class: 'none'}, one.record ? `no picture ${label}` : `${label}; its picture was left out, see --pictures`);
  }
  return el('button', {type: 'button', class: 'picture', 'data-side': side, 'aria-label': `Enlarge the picture, ${label}`, click: () => view(one, side)},
    el('img', {src: source, alt: `${label}. ${promptOf(one)}`, loading: 'lazy', decoding: 'async'}), el('span', {}, label));
}

/** Objects as lists of names and values, whatever they hold. */
function facts(value) {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.every(item => item === null || typeof item !== 'object') ? value.join(', ') : el('pre', {}, JSON.stringify(value, null, 2));
  return el('dl', {}, Object.entries(value).map(([name, inner]) => [el('dt', {}, name), el('dd', {}, facts(inner))]));
}

function mismatchCard(one) {
  const floor = data.floors.find(floor => floor.task === one.task && floor.backend === one.served);
  const record = one.record || {};
  return el('article', {class: 'card mismatch', 'data-id': one.id, 'data-task': one.task},
    el('h3', {}, time(one.at), ` ${one.task}`, kinds(one).map(kind => el('span', {class: 'badge'}, kind))),
    el('p', {}, one.text),
    known(one.distance) && el('p', {class: 'faint'}, `distance ${number(one.distance)}` + (floor ? `; noise floor ${number(floor.p95)}` : '')),
    promptOf(one) && el('p', {class: 'faint prompt'}, promptOf(one)),
    el('div', {class: 'pair'}, picture(one, 'served'), picture(one, 'shadow')),
    (record.problems || []).map(problem => el('p', {class: 'faint problem'}, problem)),
    record.call && el('details', {}, el('summary', {}, 'Arguments and numbers'), facts(record.call)));
}

function showMismatches() {
  const task = byId('task').value, roads = byId('roads-of').value, kind = byId('differs-in').value;
  const text = byId('search').value.trim().toLowerCase();
  found = data.mismatches.filter(one => (!task || one.task === task) && (!roads || `${one.served}, ${one.shadow}` === roads)
    && (!kind || kinds(one).includes(kind)) && (!text || contains(one, text)));
  if (byId('order').value === 'farthest') found = [...found].sort((a, b) => (b.distance ?? -1) - (a.distance ?? -1));
  byId('list').replaceChildren(...found.slice(0, cardsShown).map(mismatchCard));
  if (!found.length) byId('list').append(el('p', {class: 'faint'}, data.mismatches.length ? 'None of them is like that.' : 'No shadow differed, or none ran.'));
  byId('mismatches-count').textContent = found.length === data.mismatches.length ? `${found.length}` : `${found.length} of ${data.mismatches.length}`;
  byId('more-mismatches').hidden = found.length <= cardsShown;
}
