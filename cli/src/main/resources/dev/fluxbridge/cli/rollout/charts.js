'use strict';
const WIDTH = 360, HEIGHT = 170, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 22;
const millis = at => Date.parse(at);

/** A round number at or above the largest value, and four lines up to it. */
function scale(largest, whole, most) {
  if (whole) return {top: whole, ticks: [0, whole / 4, whole / 2, whole * 3 / 4, whole]};
  if (!(largest > 0)) return {top: 1, ticks: [0, 1]};
  const unit = 10 ** Math.floor(Math.log10(largest));
  if (most && largest > most / 2) return {top: most, ticks: [0, most / 4, most / 2, most * 3 / 4, most]};
  const top = [1, 2, 4, 5, 10].map(n => n * unit).find(n => n >= largest * 1.02) || 20 * unit;
  return {top, ticks: [0, 1, 2, 3, 4].map(n => n * top / 4)};
}

/** The moments under a chart: at most four, on round times. */
function ticks(from, to) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000].map(s => s * 1000);
  const step = steps.find(s => (to - from) / s <= 4) || 1728000000;
  const shift = new Date(from).getTimezoneOffset() * 60000;
  const marks = [];
  for (let t = Math.ceil((from - shift) / step) * step + shift; t <= to; t += step) marks.push(t);
  const write = t => { const text = moment(t, true); return step >= 86400000 ? text.slice(5, 10) : step >= 60000 ? (to - from > 86400000 ? text.slice(8, 16).replace(' ', '. ') : text.slice(11, 16)) : text.slice(11); };
  return marks.map(t => [t, write(t)]);
}

/** Each road has a shape of its own, for those who do not see its colour. */
function mark(x, y, backend, attributes, title, half = 3) {
  const whole = 2 * half;
  const shape = {fal: `M${x - half} ${y - half}h${whole}v${whole}h-${whole}z`, openai: `M${x} ${y - half * 1.3}l${half * 1.3} ${half * 2.2}h-${half * 2.6}z`}[backend]
    || `M${x - half} ${y}a${half} ${half} 0 1 0 ${whole} 0a${half} ${half} 0 1 0 -${whole} 0z`;
  return svg('path', {class: 'mark ' + hue(backend), d: shape, ...attributes}, svg('title', {}, title));
}

function frame(view, y, write) {
  return svg('g', {class: 'axis'},
    y.ticks.map(value => [
      svg('line', {x1: LEFT, x2: WIDTH - RIGHT, y1: view.y(value), y2: view.y(value)}),
      svg('text', {x: LEFT - 5, y: view.y(value) + 3.5, 'text-anchor': 'end'}, write(value))]),
    ticks(view.from, view.to).map(([t, text]) => svg('text', {
      x: Math.min(view.x(t), WIDTH - RIGHT - 2), y: HEIGHT - 6, 'text-anchor': view.x(t) > WIDTH - 40 ? 'end' : 'middle'}, text)));
}

/** Broken where slots are missing: nobody called, and nothing is known. */
function line(view, series) {
  let d = '', last = null;
  series.points.forEach(point => {
    const gap = last === null || point.t - last.t > 4500 * Math.max(point.seconds, last.seconds);
    d += `${gap ? 'M' : 'L'}${view.x(point.t).toFixed(1)} ${view.y(point.value).toFixed(1)}`;
    last = point;
  });
  return svg('path', {class: `line ${hue(series.backend)} ${series.thin ? 'thin' : ''}`, d});
}

/** What a ramp allowed, from event to event. */
function allowed(view, steps) {
  let d = '';
  steps.forEach((step, i) => {
    const end = i + 1 < steps.length ? steps[i + 1].t : view.to;
    if (end < view.from) return;
    d += `${d ? 'L' : 'M'}${view.x(Math.max(step.t, view.from)).toFixed(1)} ${view.y(step.share)}L${view.x(end).toFixed(1)} ${view.y(step.share)}`;
  });
  return d && svg('path', {class: 'allowed ' + hue(steps[0].backend), d});
}

function legend(chart) {
  const sample = (backend, thin) => svg('svg', {viewBox: '0 0 26 10', 'aria-hidden': 'true'},
    svg('path', {class: `line ${hue(backend)} ${thin ? 'thin' : ''}`, d: 'M1 5H25'}), !thin && mark(13, 5, backend, {'data-legend': ''}, backend));
  return el('ul', {class: 'legend'},
    chart.series.map(series => el('li', {}, sample(series.backend, series.thin), series.name)),
    (chart.allowed || []).map(steps => el('li', {}, svg('svg', {viewBox: '0 0 26 10', 'aria-hidden': 'true'},
      svg('path', {class: 'allowed ' + hue(steps[0].backend), d: 'M1 5H25'})), `allowed to ${steps[0].backend}`)),
    (chart.limits || []).length > 0 && el('li', {}, svg('svg', {viewBox: '0 0 26 10', 'aria-hidden': 'true'}, svg('line', {class: 'limit', x1: 1, x2: 25, y1: 5, y2: 5})), 'limit'));
}

function numbers(chart) {
  const rows = chart.series.flatMap(series => series.points.map(point => [point.t, [moment(point.t - point.seconds * 500, true), series.name, chart.write(point.value), known(point.calls) ? String(point.calls) : '–']]));
  return table(chart.title, ['from', 'what', 'value', 'calls'], rows.sort((a, b) => b[0] - a[0]).map(row => row[1]));
}

function draw(chart, from, to, moments) {
  if (!chart.series.length) {
    return el('figure', {class: 'card chart', 'data-chart': chart.key}, el('figcaption', {}, chart.title), el('p', {class: 'faint'}, chart.nothing || 'Nothing is known of it in this time.'));
  }
  const values = chart.series.flatMap(series => series.points.map(point => point.value)).concat(chart.limits || []);
  const stacked = new Map();
  if (chart.bars) chart.series.forEach(series => series.points.forEach(point => stacked.set(point.t, (stacked.get(point.t) || 0) + point.value)));
  const y = scale(Math.max(0, ...values, ...stacked.values()), chart.whole, chart.most);
  const view = {from, to,
    x: t => LEFT + (t - from) / (to - from) * (WIDTH - LEFT - RIGHT),
    y: value => TOP + (1 - value / y.top) * (HEIGHT - TOP - BOTTOM)};
  const ends = chart.series.filter(series => series.points.length).map(series => `${series.name} ${chart.write(series.points[series.points.length - 1].value)}`);
  const details = el('details', {}, el('summary', {}, 'As a table'));
  details.addEventListener('toggle', () => { if (details.open && details.children.length === 1) details.append(numbers(chart)); });
  return el('figure', {class: 'card chart', 'data-chart': chart.key},
    el('figcaption', {}, chart.title),
    svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${chart.title} over time; at the end: ${ends.join(', ') || 'nothing'}. Every number is in the table below.`},
      frame(view, y, chart.write),
      moments.map(event => svg('line', {class: 'moment ' + (event.kind === 'RolledBack' ? 'bad' : ''), x1: view.x(millis(event.at)), x2: view.x(millis(event.at)), y1: TOP, y2: HEIGHT - BOTTOM}, svg('title', {}, `${moment(event.at, true)} ${event.text}`))),
      (chart.allowed || []).map(steps => allowed(view, steps)),
      (chart.limits || []).map(limit => svg('line', {class: 'limit', x1: LEFT, x2: WIDTH - RIGHT, y1: view.y(limit), y2: view.y(limit)}, svg('title', {}, 'limit ' + chart.write(limit)))),
      chart.bars ? bars(view, chart) : chart.series.map(series => [
        line(view, series),
        series.points.map(point => series.thin ? null : mark(view.x(point.t), view.y(point.value), series.backend,
          {'data-series': series.name, 'data-value': point.value, 'data-at': point.at}, `${moment(point.t, true)} ${series.name} ${chart.write(point.value)}`, series.points.length > 50 ? 1.7 : 3))])),
    legend(chart), details);
}

/** One road's bar stands on the other's. */
function bars(view, chart) {
  const tops = new Map();
  return chart.series.map(series => series.points.map(point => {
    const base = tops.get(point.t) || 0;
    tops.set(point.t, base + point.value);
    const width = Math.max(2, view.x(point.t + point.seconds * 500) - view.x(point.t - point.seconds * 500) - 1);
    return svg('rect', {class: 'bar ' + hue(series.backend), x: view.x(point.t) - width / 2, y: view.y(base + point.value), width, height: view.y(base) - view.y(base + point.value), 'data-series': series.name, 'data-value': point.value},
      svg('title', {}, `${moment(point.t, true)} ${series.name} ${chart.write(point.value)}`));
  }));
}
