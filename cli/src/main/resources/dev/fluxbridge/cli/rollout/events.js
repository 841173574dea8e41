'use strict';
const PAGE = 40;
let eventsShown = PAGE;
const TONE = {RolledBack: 'bad', StoreLost: 'bad', BudgetSpent: 'bad', Climbed: 'good', Released: 'good', StoreBack: 'good'};
/** RolledBack as "rolled back". */
const spoken = kind => kind.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function showEvents() {
  const task = byId('task').value, kind = byId('kind').value;
  const found = data.events.filter(event => (!task || event.task === task) && (!kind || event.kind === kind));
  byId('timeline').replaceChildren(...found.slice(0, eventsShown).map(event =>
    el('li', {class: TONE[event.kind], 'data-kind': event.kind}, time(event.at), el('span', {class: 'badge'}, spoken(event.kind)), ' ', event.text)));
  byId('events-count').textContent = found.length === data.events.length ? `${found.length}` : `${found.length} of ${data.events.length}`;
  byId('more-events').hidden = found.length <= eventsShown;
}
