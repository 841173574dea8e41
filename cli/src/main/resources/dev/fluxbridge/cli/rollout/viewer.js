'use strict';
let viewed = null, side = 'served', pair = 0;

/** The two pictures lie on each other; a flip shows the one or the other, a difference both. */
function view(one, first, index) {
  viewed = one;
  side = first;
  pair = index;
  byId('viewer-title').textContent = `${one.task}, ${moment(one.at, true)}: ${one.text}`;
  for (const [id, road] of [['below', 'served'], ['above', 'shadow']]) {
    const image = byId(id), source = one.record && (one.record[road] || [])[index];
    image.alt = `${road}: ${one[road]}. ${promptOf(one)}`;
    image.onload = () => image.classList.toggle('pixelated', image.naturalWidth < 256);
    if (source) image.src = source; else image.removeAttribute('src');
  }
  setDifference(false);
  if (!byId('viewer').open) byId('viewer').showModal();
  byId('flip').focus();
}

function setDifference(on) {
  byId('difference').setAttribute('aria-pressed', on);
  byId('stage').className = on ? 'difference' : side;
  byId('caption').textContent = on ? `difference: black where ${viewed.served} and ${viewed.shadow} are the same`
    : side === 'served' ? `served: ${viewed.served}` : `beside it: ${viewed.shadow}`;
}
function flip() {
  side = side === 'served' ? 'shadow' : 'served';
  setDifference(false);
}
function step(by) {
  const seen = found.filter(one => one.record && (one.record.served || one.record.shadow)).flatMap(one => Array.from({length: pairsOf(one)}, (_, index) => [one, index]));
  const next = seen[seen.findIndex(([one, index]) => one === viewed && index === pair) + by];
  if (next) view(next[0], side, next[1]);
}
const toggleDifference = () => setDifference(byId('difference').getAttribute('aria-pressed') !== 'true');

function wireViewer() {
  const keys = {f: flip, d: toggleDifference, ArrowLeft: () => step(-1), ArrowRight: () => step(1)};
  byId('viewer').addEventListener('keydown', event => {
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); action(); }
  });
  byId('stage').addEventListener('click', flip);
  byId('flip').addEventListener('click', flip);
  byId('difference').addEventListener('click', toggleDifference);
  byId('previous').addEventListener('click', () => step(-1));
  byId('next').addEventListener('click', () => step(1));
  byId('close').addEventListener('click', () => byId('viewer').close());
}
