'use strict';
let shown = null, pictureIndex = 0;

function verdicts(of) {
  const rows = of.verdicts.map(verdict => [verdict.label,
    number(verdict.value),
    `${verdict.direction === 'lower_is_nearer' ? 'at most' : 'at least'} ${number(verdict.limit)}`,
    el('td', {class: verdict.passed ? 'within' : 'outside'}, verdict.passed ? '✓ within' : '✗ outside'),
    el('td', {class: 'text'}, verdict.limit_from)]);
  return rows.length > 0 && el('section', {}, el('h3', {}, 'Measures'), table('Measures', ['measure', 'value', 'allowed', 'result', {text: 'limit from'}], rows));
}

function findings(of) {
  return of.findings.length > 0 && el('section', {}, el('h3', {}, 'What it looks like'),
    el('ol', {class: 'findings'}, of.findings.map(finding => el('li', {}, el('b', {}, finding.suspect), ': ' + finding.because))));
}

const written = value => value === undefined || value === null || value === '' ? '–'
  : Array.isArray(value) ? value.map(written).join(', ') || '–'
  : typeof value === 'object' ? Object.entries(value).map(([name, inner]) => `${name} ${inner}`).join('\n') || '–' : String(value);

function origins(one) {
  const {golden, received} = one.origins;
  const names = distinct([...Object.keys(golden || {}), ...Object.keys(received || {})]);
  if (!names.length) return null;
  const first = ['route', 'model', 'checkpoint', 'device', 'libraries'];
  names.sort((a, b) => (first.indexOf(a) + 1 || 99) - (first.indexOf(b) + 1 || 99));
  const rows = names.map(name => {
    const was = golden && written(golden[name]), is = received && written(received[name]);
    const differs = golden && received && was !== is;
    return [name.replaceAll('_', ' '), el('td', {class: 'text'}, was ?? '–'), el('td', {class: 'text' + (differs ? ' differs' : '')}, differs && el('span', {class: 'sign', title: 'another than the golden\'s'}, '≠ '), is ?? '–')];
  });
  return el('section', {}, el('h3', {}, 'Where it came from'), table('Origins', ['', {text: 'golden'}, {text: 'what was drawn'}], rows));
}

function lead(one, of) {
  const worst = of && of.verdicts.length && measured(one) ? [el('b', {}, one.nearness.measure), one.nearness.times === 'infinite' ? ' is outside of what is allowed' : ` is ${times(one.nearness.times)} as far from the golden as it may be`] : [];
  const suspect = of && of.findings[0] ? [worst.length ? '; it looks like ' : 'It looks like ', el('b', {}, of.findings[0].suspect)] : [];
  return [...worst, ...suspect, worst.length || suspect.length ? '.' : ''];
}

function facts(one, of) {
  return [
    of && verdicts(of), of && findings(of),
    one.call_differences.length > 0 && el('section', {}, el('h3', {}, 'The call is another'), el('ul', {}, one.call_differences.map(text => el('li', {}, text)))),
    of && of.verdicts.length > 0 && one.message && el('section', {}, el('h3', {}, 'Message'), el('pre', {class: 'message'}, one.message)),
    origins(one),
    el('p', {class: 'faint'}, 'Written ', time(one.at), `, line ${one.line} of results.ndjson` + (data.folders.length > 1 ? ` in ${data.folders[one.folder]}` : '') + (one.run ? `, run ${one.run}` : '')),
  ].filter(Boolean);
}

function whose(one) {
  const held = one.against && one.against !== one.key ? [' held to that of ', el('code', {}, one.against)] : [];
  return [el('span', {}, one.test || one.test_class), one.key && [el('br'), 'drawn by ', el('code', {}, one.key)], held,
    one.earlier_run && el('span', {class: 'earlier'}, ' This is of an earlier run: its class ran again since, and this was not compared.')].flat(Infinity).filter(Boolean);
}

function showPicture(index) {
  pictureIndex = Math.max(0, Math.min(index, shown.pictures.length - 1));
  const of = shown.pictures[pictureIndex];
  picture = of || null;
  for (const button of byId('pictures').children) button.setAttribute('aria-pressed', Number(button.dataset.index) === pictureIndex);
  byId('viewer').hidden = !of || !(of.golden || of.received);
  byId('lead').replaceChildren(...lead(shown, of));
  byId('facts').replaceChildren(...facts(shown, of));
  zoom = null;
  centre = [.5, .5];
  if (!byId('viewer').hidden) showPictures(); else clearInterval(timer);
}

function showCase(one, index) {
  for (const link of byId('cases').querySelectorAll('[aria-current]')) link.removeAttribute('aria-current');
  shown = one;
  byId('shown').hidden = !one;
  byId('nothing').hidden = Boolean(one);
  if (!one) return;
  const link = row(one).firstChild;
  link.setAttribute('aria-current', 'true');
  if (link.isConnected) link.scrollIntoView({block: 'nearest'});
  document.title = `${STATUSES[one.status][0]} ${one.name} – Golden pictures`;
  byId('status').replaceChildren(badge(one.status));
  byId('name').textContent = one.name;
  byId('whose').replaceChildren(...whose(one));
  const alone = one.message && !one.pictures.some(of => of.verdicts.length);
  byId('first-message').hidden = !alone && !one.problems.length;
  byId('first-message').textContent = [...one.problems, alone ? one.message : ''].filter(Boolean).join('\n');
  byId('pictures').hidden = one.pictures.length < 2;
  byId('pictures').replaceChildren(...(one.pictures.length < 2 ? [] : one.pictures.map((of, i) =>
    el('button', {type: 'button', 'data-index': i, click: () => { showPicture(i); remember(); }}, `Picture ${of.index}`, of.passed === true ? ' ✓' : of.passed === false ? ' ✗' : ''))));
  const failed = one.pictures.findIndex(of => of.passed === false);
  showPicture(index === undefined ? Math.max(0, failed) : index);
}
