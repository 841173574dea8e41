'use strict';

function showAll() {
  eventsShown = PAGE;
  cardsShown = CARDS;
  showState();
  showCharts();
  showEvents();
  showMismatches();
}

const tasks = distinct([...data.roads, ...data.history, ...data.events, ...data.mismatches].map(one => one.task).filter(Boolean));
choices(byId('task'), [['', 'all'], ...tasks.map(task => [task, task])]);
choices(byId('range'), [['0', 'all of it'], ['3600', 'one hour'], ['21600', 'six hours'], ['86400', 'one day'], ['604800', 'one week']]);
choices(byId('kind'), [['', 'all'], ...distinct(data.events.map(event => event.kind)).map(kind => [kind, spoken(kind)])]);
choices(byId('roads-of'), [['', 'all'], ...distinct(data.mismatches.map(one => `${one.served}, ${one.shadow}`)).map(roads => [roads, roads.replace(', ', ' served, ') + ' beside it'])]);
const differs = distinct(data.mismatches.flatMap(kinds));
choices(byId('differs-in'), [['', 'all'], ...differs.map(kind => [kind, kind])]);
byId('differs-in').parentElement.hidden = differs.length === 0;

byId('task').addEventListener('change', showAll);
byId('range').addEventListener('change', showCharts);
byId('kind').addEventListener('change', () => { eventsShown = PAGE; showEvents(); });
for (const id of ['roads-of', 'differs-in', 'order']) byId(id).addEventListener('change', () => { cardsShown = CARDS; showMismatches(); });
byId('search').addEventListener('input', () => { cardsShown = CARDS; showMismatches(); });
byId('more-events').addEventListener('click', () => { eventsShown += 5 * PAGE; showEvents(); });
byId('more-mismatches').addEventListener('click', () => { cardsShown += CARDS; showMismatches(); });
wireViewer();
showHead();
showAll();
