'use strict';
const VIEWS = [['side', 'Side by side'], ['swipe', 'Swipe'], ['onion', 'Onion skin'], ['heat', 'Heat map'], ['difference', 'Difference'], ['blink', 'Blink']];
const SLIDERS = {swipe: ['Divider', 50, 0, 100], onion: ['What was drawn', 50, 0, 100], heat: ['Heat map', 100, 0, 100], difference: ['Times', 4, 1, 20]};
const levels = Object.fromEntries(Object.entries(SLIDERS).map(([view, of]) => [view, of[1]]));
const BLINK = 700;
const LARGEST = 64;
/** A wide picture leaves no empty space above and below, but the captions need some. */
const LOWEST = 180;
let view = 'side', picture = null, zoom = null, centre = [.5, .5], timer = 0;
let sheets = [];

const both = () => picture && picture.golden && picture.received;
const can = name => name === 'side' || (both() && source(picture.golden) !== '' && source(picture.received) !== '' && (name !== 'heat' || source(picture.heat_map) !== ''));
/** A view that this picture has not gives way, and comes back with one that has it. */
const shownView = () => can(view) ? view : 'side';
/** Everything is laid on a sheet as large as the golden. */
const sheetSize = () => { const of = picture.golden || picture.received; return of ? [of.width, of.height] : [1, 1]; };

function image(of, role) {
  const src = source(of);
  return src ? el('img', {src, alt: role, class: 'layer', draggable: 'false'})
    : el('span', {class: 'layer absent'}, of ? document.readyState === 'loading' ? 'is being read' : 'not in this page: open the file' : role === 'golden' ? 'there is no golden' : 'there is no such picture');
}

function pane(label, roles) {
  const layers = roles.map(role => image(picture[role], role === 'heat_map' ? 'heat map' : role === 'received' ? 'what was drawn' : 'golden'));
  const outline = el('span', {class: 'outline', hidden: true});
  const sheet = el('div', {class: 'sheet'}, layers, outline);
  const node = el('figure', {class: 'pane', tabindex: '0', 'aria-label': label}, sheet, el('figcaption', {}, label));
  sheets.push({node, sheet, layers, outline});
  return node;
}

function showPictures() {
  clearInterval(timer);
  sheets = [];
  const now = shownView(), stage = byId('stage');
  stage.className = now;
  stage.replaceChildren(...(now === 'side' ? [pane('golden', ['golden']), pane('what was drawn', ['received'])]
    : now === 'heat' ? [pane('heat map over what was drawn', ['received', 'heat_map'])]
    : now === 'swipe' ? [pane('golden on the left, what was drawn on the right', ['golden', 'received'])]
    : now === 'onion' ? [pane('what was drawn over the golden', ['golden', 'received'])]
    : now === 'difference' ? [pane('black where both are the same', ['golden', 'received'])]
    : [pane('golden and what was drawn in turn', ['golden', 'received'])]));
  for (const button of byId('views').children) {
    const name = button.dataset.view;
    button.setAttribute('aria-pressed', name === now);
    button.disabled = !can(name);
  }
  const slider = SLIDERS[now];
  byId('slider-label').hidden = !slider;
  byId('pause').hidden = now !== 'blink';
  if (slider) {
    byId('slider-name').textContent = slider[0];
    [byId('slider').min, byId('slider').max] = [slider[2], slider[3]];
    byId('slider').value = levels[now];
  }
  if (now === 'swipe') sheets[0].node.append(el('span', {class: 'divider', 'aria-hidden': 'true'}));
  if (now === 'blink') {
    const paused = byId('pause').getAttribute('aria-pressed') === 'true';
    if (!paused) timer = setInterval(flip, BLINK);
    flip(false);
  }
  caption(now);
  layout();
}

/** The top picture of a blinking pair comes or goes. */
function flip(on) {
  const [bottom, top] = sheets[0].layers, up = typeof on === 'boolean' ? on : !top.classList.contains('up');
  top.classList.toggle('up', up);
  top.hidden = !up;
  sheets[0].node.querySelector('figcaption').textContent = up ? 'what was drawn' : 'golden';
  bottom.setAttribute('aria-hidden', up);
}

function caption(now) {
  const notes = [], size = of => `${of.width}×${of.height}`;
  if (both() && size(picture.golden) !== size(picture.received)) notes.push(`The golden is ${size(picture.golden)}, what was drawn ${size(picture.received)}: it is shown as large as the golden.`);
  else if (picture.golden || picture.received) notes.push(size(picture.golden || picture.received) + ' pixels.');
  if (picture.changed) notes.push(`${percent(picture.changed.share)} of them differ visibly, from column ${picture.changed.left}, row ${picture.changed.top} to column ${picture.changed.right}, row ${picture.changed.bottom}.`);
  else if (both() && size(picture.golden) === size(picture.received) && picture.verdicts.length) notes.push('None of them differs visibly.');
  const previews = [picture.golden, picture.received, picture.heat_map].filter(of => of && of.shown !== undefined && !of.whole);
  if (previews.length) notes.push('Shown here are smaller previews, so that this page stays small; the files are whole:');
  byId('caption').textContent = notes.join(' ');
  byId('files').replaceChildren(...[['golden', 'golden'], ['what was drawn', 'received'], ['heat map', 'heat_map']].filter(([, role]) => picture[role]).flatMap(([label, role]) =>
    [el('a', {href: picture[role].file, target: '_blank', rel: 'noopener'}, label + (picture[role].shown === undefined ? ' (only there)' : picture[role].whole ? '' : ' (a preview here)')), ' ']));
  if (now !== view) byId('caption').append(` There is no ${VIEWS.find(([name]) => name === view)[1].toLowerCase()} of it.`);
}

/** Puts each sheet where zoom and centre say, all of them in step. */
function layout() {
  if (!picture || !sheets.length) return;
  const [w, h] = sheetSize(), now = shownView();
  byId('stage').style.maxHeight = Math.max(LOWEST, sheets[0].node.clientWidth * h / w + 2) + 'px';
  for (const {node, sheet, layers, outline} of sheets) {
    const pw = node.clientWidth, ph = node.clientHeight;
    const scale = zoom || Math.min(pw / w, ph / h);
    const place = (inside, whole, at) => whole <= inside ? (inside - whole) / 2 : Math.min(0, Math.max(inside - whole, inside / 2 - at * whole));
    const left = place(pw, w * scale, centre[0]), top = place(ph, h * scale, centre[1]);
    Object.assign(sheet.style, {left: left + 'px', top: top + 'px', width: w * scale + 'px', height: h * scale + 'px'});
    layers.forEach((layer, i) => {
      const own = [picture.golden, picture.received][now === 'side' ? sheets.findIndex(one => one.sheet === sheet) : i];
      layer.classList.toggle('pixelated', scale * (own && own.width ? w / own.width : 1) >= 2);
    });
    const box = picture.changed, outlined = box && byId('box').getAttribute('aria-pressed') === 'true';
    outline.hidden = !outlined;
    if (outlined) Object.assign(outline.style, {left: box.left * scale + 'px', top: box.top * scale + 'px', width: (box.right - box.left + 1) * scale + 'px', height: (box.bottom - box.top + 1) * scale + 'px'});
    byId('zoom').textContent = percent(Math.round(scale * 100) / 100);
    const above = layers[1];
    if (now === 'swipe') {
      const from = Math.max(0, left), to = Math.min(pw, left + w * scale), x = from + (to - from) * levels.swipe / 100;
      above.style.clipPath = `inset(0 0 0 ${Math.max(0, x - left)}px)`;
      node.querySelector('.divider').style.left = x + 'px';
    }
    if (now === 'onion' || now === 'heat') above.style.opacity = levels[now] / 100;
    if (now === 'difference') sheet.style.filter = `brightness(${levels.difference})`;
  }
  byId('box').disabled = !picture.changed;
}

function setView(name) {
  view = name;
  showPictures();
  remember();
}

const currentScale = () => { const [w, h] = sheetSize(), node = sheets[0].node; return zoom || Math.min(node.clientWidth / w, node.clientHeight / h); };
/** By a factor, around a point of the sheet, in shares of its sides. */
function magnify(factor, at) {
  if (!picture || !sheets.length) return;
  const [w, h] = sheetSize(), node = sheets[0].node, fit = Math.min(node.clientWidth / w, node.clientHeight / h);
  const before = currentScale(), next = Math.min(LARGEST, before * factor);
  if (at && next !== before) centre = centre.map((c, i) => at[i] + (c - at[i]) * before / next);
  zoom = next <= fit * 1.001 ? null : next;
  if (zoom === null) centre = [.5, .5];
  layout();
}
function move(dx, dy) {
  const [w, h] = sheetSize(), scale = currentScale(), node = sheets[0].node;
  const within = (c, inside, whole) => whole <= inside ? .5 : Math.min(1 - inside / whole / 2, Math.max(inside / whole / 2, c));
  centre = [within(centre[0] + dx / (w * scale), node.clientWidth, w * scale), within(centre[1] + dy / (h * scale), node.clientHeight, h * scale)];
  layout();
}
function pointAt(event) {
  const box = event.currentTarget.querySelector('.sheet').getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}
function setLevel(value) {
  levels[shownView()] = value;
  byId('slider').value = value;
  layout();
}
function togglePressed(id) {
  const on = byId(id).getAttribute('aria-pressed') !== 'true';
  byId(id).setAttribute('aria-pressed', on);
  return on;
}
function togglePause() {
  byId('pause').textContent = togglePressed('pause') ? 'Run' : 'Pause';
  if (picture) showPictures();
}
function toggleBox() {
  if (byId('box').disabled) return;
  togglePressed('box');
  layout();
}

/** A drag takes the divider along where nothing is to be moved, or where it is grabbed. */
function drag(event, pane) {
  if (event.button !== 0) return;
  const divider = pane.querySelector('.divider');
  const swipes = divider && (zoom === null || Math.abs(event.clientX - divider.getBoundingClientRect().left) < 16);
  let x = event.clientX, y = event.clientY;
  const follow = moved => {
    if (swipes) {
      const sheet = pane.querySelector('.sheet').getBoundingClientRect(), own = pane.getBoundingClientRect();
      const from = Math.max(own.left, sheet.left), to = Math.min(own.right, sheet.right);
      setLevel(Math.round(Math.min(100, Math.max(0, (moved.clientX - from) / (to - from) * 100)) * 10) / 10);
    } else if (zoom !== null) {
      move(x - moved.clientX, y - moved.clientY);
      x = moved.clientX;
      y = moved.clientY;
    }
  };
  if (swipes) follow(event);
  pane.setPointerCapture(event.pointerId);
  pane.addEventListener('pointermove', follow);
  pane.addEventListener('lostpointercapture', () => pane.removeEventListener('pointermove', follow), {once: true});
}

function wireViewer() {
  byId('views').append(...VIEWS.map(([name, label], i) => el('button', {type: 'button', 'data-view': name, click: () => setView(name)}, label + ' ', el('kbd', {}, i + 1))));
  byId('slider').addEventListener('input', () => setLevel(Number(byId('slider').value)));
  byId('pause').addEventListener('click', togglePause);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) togglePause();
  byId('box').addEventListener('click', toggleBox);
  byId('in').addEventListener('click', () => magnify(2));
  byId('out').addEventListener('click', () => magnify(.5));
  byId('fit').addEventListener('click', () => magnify(0));
  const stage = byId('stage');
  const on = (name, action, options) => stage.addEventListener(name, event => {
    const pane = event.target.closest('.pane');
    if (pane) action(event, pane);
  }, options);
  on('pointerdown', drag);
  on('dblclick', (event, pane) => magnify(zoom === null ? 4 : 0, pointAt({currentTarget: pane, clientX: event.clientX, clientY: event.clientY})));
  on('wheel', (event, pane) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    magnify(event.deltaY < 0 ? 1.25 : .8, pointAt({currentTarget: pane, clientX: event.clientX, clientY: event.clientY}));
  }, {passive: false});
  on('keydown', (event) => {
    const steps = {ArrowLeft: [-40, 0], ArrowRight: [40, 0], ArrowUp: [0, -40], ArrowDown: [0, 40]};
    if (zoom === null || !steps[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    move(...steps[event.key]);
  });
  new ResizeObserver(layout).observe(stage);
}
