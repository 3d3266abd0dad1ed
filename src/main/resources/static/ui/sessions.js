/** The page of sessions: which of its two views is shown stands in the `#` of the address. */
import { onKeyChange } from './key.js';
import { showProblem } from './problem.js';
import { SessionList } from './session-list.js';
import { SessionView } from './session-view.js';

const failed = error => showProblem(document.getElementById('problem'), error);

const list = new SessionList(document.getElementById('list'), failed);
const view = new SessionView(document.getElementById('one'), failed, () => { location.hash = ''; });

function show() {
  list.close();
  view.close();
  failed(null);
  const address = new URLSearchParams(location.hash.slice(1));
  if (address.has('id')) {
    view.open(address.get('id'));
  } else {
    list.open(address.get('after') ?? '');
  }
}

addEventListener('hashchange', show);
onKeyChange(show);
show();
