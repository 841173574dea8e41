'use strict';

/** The address names the case, so that it can be sent and survives a reload. */
function remember() {
  if (!shown) return;
  const parts = [shown.id];
  if (view !== 'side') parts.push('view=' + view);
  if (pictureIndex > 0) parts.push('picture=' + (pictureIndex + 1));
  const hash = '#' + parts.join('&');
  if (location.hash !== hash) history.replaceState(null, '', hash);
}

function follow() {
  const [id, ...rest] = location.hash.slice(1).split('&');
  const options = Object.fromEntries(rest.map(part => part.split('=')));
  const one = byCaseId.get(id);
  if (options.view && VIEWS.some(([name]) => name === options.view)) view = options.view;
  if (id && !one) {
    showCase(null);
    byId('nothing').textContent = `This report has no case ${id}.`;
  } else if (one) {
    showCase(one, options.picture ? Number(options.picture) - 1 : undefined);
    remember();
  } else {
    showFirst();
  }
}

function showFirst() {
  if (!found.length) byId('nothing').textContent = cases.length ? 'No case is like that.' : 'There are no cases: run tests that hold something to a golden.';
  showCase(found[0] || null);
  remember();
}
/** The case stays if it is still listed. */
function filtered() {
  showList();
  if (!shown || !found.includes(shown)) showFirst();
  else row(shown).firstChild.scrollIntoView({block: 'nearest'});
}
function step(by) {
  if (!found.length) return;
  const at = found.indexOf(shown);
  const next = found[at < 0 ? 0 : Math.max(0, Math.min(found.length - 1, at + by))];
  if (next === shown) return;
  const inList = byId('list').contains(document.activeElement);
  showCase(next);
  remember();
  if (inList) row(next).firstChild.focus();
}

const KEYS = {
  j: () => step(1), k: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
  f: toggleBad, '/': () => byId('search').focus(), '?': () => byId('help').showModal(),
  p: () => { if (shown && shown.pictures.length > 1) { showPicture((pictureIndex + 1) % shown.pictures.length); remember(); } },
  '+': () => magnify(2), '=': () => magnify(2), '-': () => magnify(.5), '0': () => magnify(0), b: toggleBox,
};

function wireKeys() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    const on = event.target;
    if (on.matches('input[type=search]') && event.key === 'Escape') { on.blur(); return; }
    if (on.matches('input, select, textarea')) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const inList = byId('list').contains(on);
    const action = inList && key === 'ArrowDown' ? KEYS.j : inList && key === 'ArrowUp' ? KEYS.k
      : key === ' ' && shownView() === 'blink' && !on.matches('button, a, summary') ? () => { if (byId('pause').getAttribute('aria-pressed') === 'true') flip(); else togglePause(); }
      : VIEWS[Number(key) - 1] && shown ? () => { if (can(VIEWS[Number(key) - 1][0])) setView(VIEWS[Number(key) - 1][0]); } : KEYS[key];
    if (action) { event.preventDefault(); action(); }
  });
}

function showHead() {
  const classes = distinct(cases.map(one => one.test_class)).length;
  const bad = BAD.reduce((sum, status) => sum + data.counts[status], 0);
  byId('summary').append(el('b', {class: bad || data.problems.length ? 'bad' : 'good'}, data.passed ? '✓ all right' : bad ? `✗ ${bad} not right` : '✗ not whole'),
    ` of ${cases.length} case${cases.length === 1 ? '' : 's'} in ${classes} class${classes === 1 ? '' : 'es'}, `, time(data.at));
  byId('problems').hidden = !data.problems.length;
  byId('problems').append(el('summary', {}, `${data.problems.length} thing${data.problems.length === 1 ? '' : 's'} could not be read, and may be missing here`),
    el('ul', {}, data.problems.map(problem => el('li', {}, el('code', {}, problem.where), ' ' + problem.what))));
}

wireList();
wireViewer();
wireKeys();
document.querySelector('.skip').addEventListener('click', event => { event.preventDefault(); byId('case').focus(); });
byId('help-button').addEventListener('click', () => byId('help').showModal());
byId('previous').addEventListener('click', () => step(-1));
byId('next').addEventListener('click', () => step(1));
showHead();
showList();
follow();
window.addEventListener('hashchange', follow);
document.addEventListener('DOMContentLoaded', () => {
  showThumbnails();
  if (picture) showPictures();
});
