'use strict';

/** How much of the calls, on a rail with the ramp's steps. */
function rail(road) {
  const across = share => share * 3;
  return el('div', {class: 'track ' + hue(road.to)},
    svg('svg', {viewBox: '0 0 300 24', preserveAspectRatio: 'none', role: 'img', 'aria-label': `${number(road.share)} % of the calls`},
      svg('rect', {class: 'rail', x: 0, y: 4, width: 300, height: 14, rx: 3}),
      svg('rect', {class: 'filled', x: 0, y: 4, width: across(road.share), height: 14, rx: 3}),
      road.steps.filter(step => step > 0 && step < 100).map(step =>
        svg('line', {class: 'tick', x1: across(step), x2: across(step), y1: 4, y2: 18}, svg('title', {}, `step ${number(step)} %`)))));
}

function reading(one) {
  const write = VALUES[one.metric];
  const limit = known(one.limit) ? write(one.limit) : '–';
  return [one.metric,
    el('td', {class: one.over && 'over'}, known(one.now) ? write(one.now) + (one.over ? ' ▲ over' : '') : '–'),
    known(one.old) ? (one.metric === 'distance' ? 'noise ' : '') + write(one.old) : '–',
    known(one.multiple) ? `${limit} (${number(one.multiple)}×)` : limit];
}

function counted(road) {
  const failed = s => s.failures ? `${s.failures} (${s.affected} seen)` : '0';
  const calls = s => s.shadows ? `${s.calls} (${s.shadows} shadows)` : String(s.calls);
  const median = s => known(s.p50) ? seconds(s.p50) : '–';
  const cost = s => known(s.cost) ? `${number(s.cost)} for ${s.priced}` : '–';
  const rows = [['calls', calls(road.now), calls(road.old), '–'], ['failed', failed(road.now), failed(road.old), '–']];
  road.readings.forEach(one => {
    if (one.metric === 'latency-p95') rows.push(['latency-p50', median(road.now), median(road.old), '–']);
    rows.push(reading(one));
  });
  rows.push(['cost', cost(road.now), cost(road.old), '–'], ['compared', String(road.now.compared), '–', '–']);
  const window = road.windowSeconds % 60 ? road.windowSeconds + ' s' : road.windowSeconds / 60 + ' min';
  return table(`${road.task} on ${road.to} against its limits`, ['last ' + window, road.to, road.from, 'limit'], rows);
}

function card(road) {
  const held = road.hold !== 'NONE';
  return el('article', {class: 'card road', 'data-task': road.task},
    el('h3', {}, `${road.task}: ${road.from} → ${road.to}`,
      el('span', {class: 'badge'}, road.ramp ? 'ramp' : 'split'),
      held && el('span', {class: 'badge held'}, road.hold === 'BREACH' ? 'held by a broken rule' : 'held by a person')),
    el('p', {class: 'share'}, el('b', {}, number(road.share) + ' %'), el('span', {class: 'faint'},
      `of the calls go to ${road.to}` + (road.steps.length ? `; steps ${road.steps.map(number).join(', ')}` : ''))),
    rail(road),
    el('p', {class: 'faint'}, known(road.since) && ['since ', time(road.since), ', '], `${road.who}: ${road.why}`),
    held && el('p', {class: 'alarm'}, known(road.rises) ? ['It may rise again from ', time(road.rises), ' on, or with '] : 'It stays there until somebody runs ',
      el('code', {}, `fluxbridge rollout release ${road.task} ${road.to} --why …`)),
    road.ramp && !held && known(road.waitsFor) && el('p', {}, 'It does not climb now: ', road.waitsFor),
    counted(road));
}

function budgets() {
  const gauge = (spent, limit) => known(limit)
    ? [el('meter', {'aria-label': 'spent', min: 0, max: limit, value: spent, high: limit * .9, optimum: 0}), ` ${number(spent)} of ${number(limit)}`]
    : number(spent) + ', no limit';
  return data.budgets.length > 0 && el('div', {class: 'card'}, el('h3', {}, 'Budgets'),
    table('Budgets', ['budget', 'in the last hour', 'in the last day'],
      data.budgets.map(budget => [budget.name, el('td', {}, gauge(budget.hour, budget.hourly)), el('td', {}, gauge(budget.day, budget.daily))])));
}

function floors() {
  return data.floors.length > 0 && el('div', {class: 'card'}, el('h3', {}, 'Noise floors'),
    el('p', {class: 'faint'}, 'How far pictures of the old road are apart that were asked for twice.'),
    table('Noise floors', ['old road', 'half below', '95 % below', 'runs'],
      data.floors.map(floor => [`${floor.task} on ${floor.backend}`, number(floor.p50), number(floor.p95), String(floor.count)])));
}

function showState() {
  const task = byId('task').value;
  const roads = data.roads.filter(road => !task || road.task === task);
  byId('roads').replaceChildren(roads.length
    ? el('div', {class: 'cards'}, roads.map(card))
    : el('p', {class: 'faint'}, 'No road is under watch: no flag is a ramp or a split' + (task ? ' for ' + task : '') + '.'));
  byId('money').replaceChildren(el('div', {class: 'cards', id: 'gauges'}, budgets(), floors()));
}

function showHead() {
  byId('read').append('As the store ', el('code', {}, data.store.url), ' had it at ', time(data.at),
    ` (times are ${Intl.DateTimeFormat().resolvedOptions().timeZone}). This page does not change by itself.`);
  const alarms = [
    data.killSwitch && `The kill switch says ${data.killSwitch.value} (${data.killSwitch.origin}): no flag and no ramp counts.`,
    data.store.missing && `No state yet: there is no ${data.store.missing}.`,
  ].filter(Boolean);
  byId('alarm').hidden = alarms.length === 0;
  byId('alarm').textContent = alarms.join(' ');
}
