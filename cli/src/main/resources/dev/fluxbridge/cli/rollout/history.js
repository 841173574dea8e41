'use strict';

/** One series of what was counted of each road of a task. */
function seriesOf(rows, value, name, thin) {
  return distinct(rows.map(row => row.backend)).map(backend => ({
    backend, thin, name: name ? `${backend} ${name}` : backend,
    points: rows.filter(row => row.backend === backend).map(row => ({
      at: row.at, t: Math.min(millis(row.at) + row.seconds * 500, millis(data.at)), seconds: row.seconds, calls: row.calls, value: value(row)})).filter(point => known(point.value)),
  })).filter(series => series.points.length);
}

/** What part of the served calls each road had, slot by slot. */
function shares(rows) {
  const served = row => row.calls - row.shadows;
  const totals = new Map();
  rows.forEach(row => totals.set(row.at, (totals.get(row.at) || 0) + served(row)));
  return seriesOf(rows, row => totals.get(row.at) > 0 ? 100 * served(row) / totals.get(row.at) : null);
}

/** The ramps' steps, from the events that tell of one. */
function allowedSteps(task) {
  const events = data.events.filter(event => event.task === task && known(event.share)).reverse();
  return distinct(events.map(event => event.backend)).map(backend =>
    events.filter(event => event.backend === backend).map(event => ({t: millis(event.at), share: event.share, backend})));
}

/** How many mismatches there were, in forty equal pieces of the time. */
function mismatchCounts(task, from, to) {
  const piece = (to - from) / 40;
  const found = data.mismatches.filter(one => one.task === task && millis(one.at) >= from && millis(one.at) <= to);
  return distinct(found.map(one => one.shadow)).map(backend => {
    const counts = new Map();
    found.filter(one => one.shadow === backend).forEach(one => {
      const index = Math.min(39, Math.floor((millis(one.at) - from) / piece));
      counts.set(index, (counts.get(index) || 0) + 1);
    });
    return {backend, name: backend, points: [...counts].sort((a, b) => a[0] - b[0]).map(([index, value]) => ({t: from + (index + .5) * piece, seconds: piece / 1000, value}))};
  });
}

function chartsOf(task, rows, from, to) {
  const limits = metric => data.roads.filter(road => road.task === task).flatMap(road => road.readings)
    .filter(one => one.metric === metric && known(one.limit)).map(one => one.limit);
  const scaled = (values, factor) => values.map(value => value * factor);
  const plain = value => number(value);
  return [
    {key: 'share', title: 'Share of the calls', whole: 100, series: shares(rows), allowed: allowedSteps(task), write: value => number(value) + ' %'},
    {key: 'errors', title: 'Failed calls', most: 100, series: seriesOf(rows, row => known(row.errorRate) ? row.errorRate * 100 : null), limits: scaled(limits('error-rate'), 100), write: value => number(value) + ' %'},
    {key: 'latency', title: 'Latency', limits: scaled(limits('latency-p95'), .001), write: value => number(value) + ' s',
      series: [...seriesOf(rows, row => known(row.p95) ? row.p95 / 1000 : null, 'p95'), ...seriesOf(rows, row => known(row.p50) ? row.p50 / 1000 : null, 'p50', true)]},
    {key: 'cost', title: 'Cost of a call', limits: limits('cost-per-call'), write: plain, series: seriesOf(rows, row => row.priced > 0 ? row.cost / row.priced : null)},
    {key: 'distance', title: 'Distance to the old road', limits: limits('distance'), write: plain, series: seriesOf(rows, row => row.distance)},
    {key: 'mismatches', title: 'Mismatches', nothing: 'No shadow differed in this time, or none ran.', bars: true, write: plain, series: mismatchCounts(task, from, to)},
  ];
}

function showCharts() {
  const chosen = byId('task').value;
  const tasks = distinct([...data.history, ...data.roads].map(one => one.task)).filter(task => !chosen || task === chosen);
  const to = millis(data.at);
  const range = Number(byId('range').value) * 1000;
  byId('drawn').replaceChildren(...tasks.map(task => {
    const rows = data.history.filter(row => row.task === task && (!range || millis(row.at) >= to - range));
    const from = Math.min(to - 1000, ...rows.map(row => millis(row.at)));
    const moments = data.events.filter(event => event.task === task && millis(event.at) >= from).slice(0, 60);
    return el('section', {'data-task': task, 'aria-label': task}, el('h3', {}, task),
      rows.length ? el('div', {class: 'charts'}, chartsOf(task, rows, from, to).map(chart => draw(chart, from, to, moments)))
        : el('p', {class: 'faint'}, 'Nothing was counted in this time.'));
  }));
  if (!tasks.length) byId('drawn').replaceChildren(el('p', {class: 'faint'}, 'Nothing was counted yet.'));
}
