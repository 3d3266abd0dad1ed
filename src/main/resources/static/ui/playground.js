/** The playground: puts its parts together, and runs them. */
import { CallClock } from './call-clock.js';
import { Curves } from './curves.js';
import { Experiment } from './experiment.js';
import { whole } from './format.js';
import { onKeyChange } from './key.js';
import { LastCall } from './last-call.js';
import { Plane } from './plane.js';
import { showProblem } from './problem.js';
import { fromHash, settingsOf, toHash } from './settings.js';
import { SettingsForm } from './settings-form.js';

/** A run is shown in about this many pictures, so that the eye can follow and nobody has to wait. */
const PICTURES = 120;

const LEGEND = { adagrad: 'AdaGrad, this server', sgd: 'SGD, this browser', torch: 'torch', keras: 'keras',
  optax: 'optax' };

const element = id => document.getElementById(id);

const form = new SettingsForm(element('settings'), field => {
  if (field === 'surface') {
    // what one surface needs does not suit another
    start({ ...settingsOf(element('surface').value), points: settings.points, compare: settings.compare });
  } else {
    startAsSet();
  }
});
const plane = new Plane(element('plane'), (x, y) => start({ ...settings, x, y }));
const curves = new Curves({ loss: element('loss'), rates: element('rates'), accumulators: element('accumulators') });
const clock = new CallClock();
const lastCall = new LastCall(document.querySelector('.call'));

let settings = fromHash(location.hash);
let experiment;

/** The run under way, and the last one that was asked for. */
let running = Promise.resolve();
let wanted = 0;

/** Begins anew, and runs. */
function start(next) {
  settings = next;
  form.write(settings);
  history.replaceState(null, '', toHash(settings));
  advance(settings.steps, true);
}

function startAsSet() {
  if (form.isValid) {
    start(form.read());
  }
}

/**
 * Takes steps until all are taken or something else is wanted. A run that is under way ends first, with the step that
 * it is at: so each call that was made is one that is shown.
 */
function advance(steps, anew) {
  const turn = ++wanted;
  running = running.then(async () => {
    if (turn !== wanted) {
      return;
    }
    if (anew) {
      experiment = new Experiment(settings);
      clock.reset();
    }
    await run(steps, turn);
  });
  return running;
}

async function run(steps, turn) {
  showProblem(element('problem'), null);
  setBusy(true);
  show();
  try {
    const stepsPerPicture = Math.ceil(steps / PICTURES);
    for (let i = 0; i < steps && turn === wanted; i++) {
      await experiment.step();
      if (i % stepsPerPicture === 0) {
        show();
        await nextPicture();
      }
    }
  } catch (error) {
    showProblem(element('problem'), error);
  } finally {
    show();
    setBusy(false);
  }
}

/** Nobody looks at a hidden page, nor waits for one that must not move. */
function nextPicture() {
  return document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches ? null
    : new Promise(resolve => requestAnimationFrame(resolve));
}

function setBusy(busy) {
  // not disabled: a button that is loses the focus
  element('stop').setAttribute('aria-disabled', !busy);
  // so that it is read aloud at the end of a run, and not at each step
  element('status').setAttribute('aria-busy', busy);
}

function show() {
  plane.show(experiment);
  curves.show(experiment);
  lastCall.show(experiment.lastCall);
  element('status').textContent = status();
  showDiverged();
  element('legend').replaceChildren(...experiment.tracks.map(legendItem));
  element('medians').hidden = experiment.points === 1;
  element('surface-formula').textContent = experiment.surface.formula;
  element('surface-note').textContent = experiment.surface.note;
}

function status() {
  const { steps, calls, points, adagrad } = experiment;
  if (steps === 0) {
    return 'No step yet.';
  }
  const [x, y] = adagrad.state.parameter;
  const each = clock.average === null ? '' : `, ${clock.average.toFixed(1)} ms a call`;
  const where = points === 1 ? `θ = (${x}, ${y})` : `${whole(points)} points moved in each call`;
  return `${count(steps, 'step')}, ${count(calls, 'call')}${each}. ${where}`;
}

function count(many, noun) {
  return `${whole(many)} ${noun}${many === 1 ? '' : 's'}`;
}

function showDiverged() {
  const gone = experiment.tracks.filter(track => track.diverged > 0);
  element('diverged').hidden = gone.length === 0;
  element('diverged').textContent = gone.map(track => `${LEGEND[track.id].split(',')[0]} diverged at step `
    + `${track.divergedAt}${experiment.points > 1 ? ` (${track.diverged} of ${experiment.points} points)` : ''}. `
    + 'From there on it is not followed.').join(' ');
}

function legendItem({ id }) {
  const item = document.createElement('li');
  item.className = id;
  item.textContent = LEGEND[id];
  return item;
}

element('settings').addEventListener('submit', event => {
  event.preventDefault();
  startAsSet();
});
element('one-step').addEventListener('click', () => advance(1, false));
element('stop').addEventListener('click', () => { wanted++; });
element('reset').addEventListener('click', () => advance(0, true));
addEventListener('hashchange', () => start(fromHash(location.hash)));
onKeyChange(startAsSet);

start(settings);
