'use strict';
const cases = data.cases;
const byCaseId = new Map(cases.map(one => [one.id, one]));
const statuses = new Set();
let found = [];

const roadOf = one => ((one.origins || {}).received || {}).route || '';
const suspectsOf = one => distinct(one.pictures.flatMap(picture => picture.findings.map(finding => finding.suspect)));
const textOf = one => [one.name, one.test_class, one.test, one.key, one.against, one.message, one.call_differences.join('\n'),
  one.pictures.map(picture => picture.findings.map(finding => finding.because).join('\n')).join('\n'), JSON.stringify(one.origins), suspectsOf(one).join(' ')].join('\n').toLowerCase();
const texts = new Map();
function contains(one, text) {
  if (!texts.has(one)) texts.set(one, textOf(one));
  return texts.get(one).includes(text);
}

/** Small pictures are read when they come into sight. */
const seen = new IntersectionObserver(entries => entries.filter(entry => entry.isIntersecting).forEach(entry => {
  entry.target.src = source(thumbnail(byCaseId.get(entry.target.dataset.of)));
  seen.unobserve(entry.target);
}), {root: byId('list'), rootMargin: '300px'});

const thumbnail = one => {
  const first = one.pictures.find(picture => picture.passed === false) || one.pictures[0];
  return first && [first.received, first.golden].find(picture => picture && picture.shown !== undefined);
};

function gauge(one) {
  if (!measured(one)) return null;
  const bar = el('span', {class: 'filled'});
  bar.style.width = Math.min(100, one.nearness.times === 'infinite' ? 100 : one.nearness.times * 50) + '%';
  return el('span', {class: 'gauge', title: `${one.nearness.measure}: ${times(one.nearness.times)} what is allowed`},
    el('span', {class: 'rail', 'aria-hidden': 'true'}, bar), el('span', {class: 'times'}, times(one.nearness.times), el('span', {class: 'unseen'}, ' what is allowed')));
}

const rows = new Map();
function row(one) {
  if (rows.has(one)) return rows.get(one);
  const image = thumbnail(one) ? el('img', {alt: '', 'data-of': one.id, width: 44, height: 44}) : el('span', {class: 'blank', 'aria-hidden': 'true'});
  const made = el('li', {},
    el('a', {href: '#' + one.id, 'data-id': one.id, class: one.status},
      image,
      el('span', {class: 'what'},
        el('b', {}, one.name),
        el('small', {}, shortClass(one.test_class) + (roadOf(one) ? ' · ' + roadOf(one) : '') + (one.earlier_run ? ' · earlier run' : ''))),
      el('span', {class: 'how'}, badge(one.status), gauge(one))));
  rows.set(one, made);
  if (image.nodeName === 'IMG' && document.readyState !== 'loading') seen.observe(image);
  return made;
}
/** Most pictures stand behind the script, so that the first case need not wait for them. */
const showThumbnails = () => rows.forEach(made => { const image = made.querySelector('img'); if (image) seen.observe(image); });

const ORDERS = {
  worst: null,
  name: (a, b) => a.test_class.localeCompare(b.test_class) || a.name.localeCompare(b.name) || a.key.localeCompare(b.key),
  newest: (a, b) => b.at.localeCompare(a.at),
};

function showList() {
  const value = id => byId(id).value;
  const text = value('search').trim().toLowerCase();
  found = cases.filter(one => (!statuses.size || statuses.has(one.status))
    && (!value('of-class') || one.test_class === value('of-class'))
    && (!value('of-road') || roadOf(one) === value('of-road'))
    && (!value('of-suspect') || suspectsOf(one).includes(value('of-suspect')))
    && (!value('of-folder') || String(one.folder) === value('of-folder'))
    && (!value('of-run') || !one.earlier_run)
    && (!text || contains(one, text)));
  if (ORDERS[value('order')]) found.sort(ORDERS[value('order')]);
  byId('cases').replaceChildren(...found.map(row));
  byId('count').textContent = found.length === cases.length ? `${cases.length} case${cases.length === 1 ? '' : 's'}` : `${found.length} of ${cases.length} cases`;
  for (const chip of byId('statuses').children) chip.setAttribute('aria-pressed', statuses.has(chip.dataset.status));
}

function toggle(status) {
  if (!statuses.delete(status)) statuses.add(status);
  filtered();
}
const onlyBad = () => BAD.every(status => statuses.has(status)) && statuses.size === BAD.length;
function toggleBad() {
  const were = onlyBad();
  statuses.clear();
  if (!were) BAD.forEach(status => statuses.add(status));
  filtered();
}

function wireList() {
  byId('statuses').append(...Object.keys(STATUSES).filter(status => data.counts[status]).map(status =>
    el('button', {type: 'button', 'data-status': status, 'aria-pressed': 'false', click: () => toggle(status)}, badge(status), ' ', el('b', {}, data.counts[status]))));
  const entries = (values, label) => [['', 'all'], ...values.map(value => [value, label ? label(value) : value || 'unknown'])];
  choices(byId('of-class'), entries(distinct(cases.map(one => one.test_class)), shortClass));
  choices(byId('of-road'), entries(distinct(cases.map(roadOf)).filter(Boolean)));
  choices(byId('of-suspect'), entries(distinct(cases.flatMap(suspectsOf))));
  byId('of-suspect').parentElement.hidden = byId('of-suspect').options.length < 2;
  choices(byId('of-folder'), data.folders.length > 1 ? entries(data.folders.map((_, i) => String(i)), i => data.folders[i]) : []);
  byId('of-run').parentElement.hidden = !cases.some(one => one.earlier_run);
  for (const id of ['of-class', 'of-road', 'of-suspect', 'of-folder', 'of-run', 'order']) byId(id).addEventListener('change', filtered);
  byId('search').addEventListener('input', filtered);
  byId('filters').addEventListener('submit', event => event.preventDefault());
}
