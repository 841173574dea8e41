'use strict';
const CARDS = 24;
let cardsShown = CARDS;
let found = [];

const callOf = one => (one.record && one.record.call) || {};
/** What a record says it differs in. */
const kinds = one => distinct([].concat(callOf(one).mismatch || []).map(difference => String(difference.kind)));
const promptOf = one => [].concat((callOf(one).request || {}).prompts || []).map(prompt => String(prompt.prompt ?? prompt)).join(' | ');
const contains = (one, text) => `${one.text} ${one.id} ${JSON.stringify(one.record ? one.record.call : '')}`.toLowerCase().includes(text);

function picture(one, side, index) {
  const source = one.record && (one.record[side] || [])[index];
  const label = `${side === 'served' ? 'served' : 'beside it'}: ${one[side]}`;
  if (!source) {
    return el('div', {class: 'none'}, one.record ? `no picture ${label}` : `${label}; its picture was left out, see --pictures`);
  }
  return el('button', {type: 'button', class: 'picture', 'data-side': side, 'aria-label': `Enlarge the picture, ${label}`, click: () => view(one, side, index)},
    el('img', {src: source, alt: `${label}. ${promptOf(one)}`, loading: 'lazy', decoding: 'async'}), el('span', {}, label));
}

const pairsOf = one => Math.max(1, ...['served', 'shadow'].map(side => one.record && one.record[side] ? one.record[side].length : 0));

/** What went in: pictures, masks, controls. */
const inputs = record => record.inputs && el('div', {class: 'inputs'}, Object.entries(record.inputs).map(([name, source]) =>
  el('figure', {}, el('img', {src: source, alt: name, loading: 'lazy'}), el('span', {class: 'faint'}, name))));

/** Objects as lists of names and values, whatever they hold. */
function facts(value) {
  if (value === null || typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) return el('dl', {}, Object.entries(value).map(([name, inner]) => [el('dt', {}, name.replaceAll('_', ' ')), el('dd', {}, facts(inner))]));
  return value.some(item => item !== null && typeof item === 'object') ? value.map(facts) : value.join(', ') || '–';
}

function mismatchCard(one) {
  const floor = data.floors.find(floor => floor.task === one.task && floor.backend === one.served);
  const record = one.record || {};
  return el('article', {class: 'card mismatch', 'data-id': one.id, 'data-task': one.task},
    el('h3', {}, time(one.at), ` ${one.task}`, kinds(one).map(kind => el('span', {class: 'badge'}, kind))),
    el('p', {}, one.text),
    known(one.distance) && el('p', {class: 'faint'}, `distance ${number(one.distance)}` + (floor ? `; noise floor ${number(floor.p95)}` : '')),
    promptOf(one) && el('p', {class: 'faint prompt'}, promptOf(one)),
    Array.from({length: pairsOf(one)}, (_, index) => el('div', {class: 'pair'}, picture(one, 'served', index), picture(one, 'shadow', index))),
    inputs(record),
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
