/** The inbox: signs in with a key, lists what waits, and keeps it as it is now. */
import { forget, getApproval, getMe, hasKey, keep, listApprovals, takeKeyFromAddress } from './api.js';
import { createCard } from './card.js';

const POLL_MS = 3_000;
const FILTERS = {
  mine: { status: 'open', assignee: 'me', limit: 100 },
  open: { status: 'open', limit: 100 },
  decided: { limit: 100 },
};

const at = (id) => document.getElementById(id);
const [enter, key, refused, leave] = ['enter', 'key', 'refused', 'leave'].map(at);
const [inbox, filter, list, empty] = ['inbox', 'filter', 'list', 'empty'].map(at);
const [person, connection] = ['person', 'connection'].map(at);

/** Cards on the page, by approval id; one that was decided stays until another list is asked for. */
const cards = new Map();
/** Whose key it is. */
let me;
/** Counts the lists that were asked for: an answer to an earlier one is too late. */
let generation = 0;
let polling = false;

enter.addEventListener('submit', (event) => {
  event.preventDefault();
  keep(key.value.trim());
  key.value = '';
  void open();
});
leave.addEventListener('click', () => {
  forget();
  askForKey('');
});
filter.addEventListener('change', () => {
  clear();
  void refresh();
});
document.addEventListener('visibilitychange', () => void refresh());
setInterval(() => void refresh(), POLL_MS);
takeKeyFromAddress();
if (hasKey()) void open();
else askForKey('');

function open() {
  enter.hidden = true;
  inbox.hidden = leave.hidden = false;
  return refresh();
}

function askForKey(reason) {
  clear();
  me = undefined;
  person.textContent = connection.textContent = '';
  enter.hidden = false;
  inbox.hidden = leave.hidden = true;
  refused.textContent = reason;
  key.focus();
}

function clear() {
  generation++;
  polling = false;
  cards.clear();
  list.replaceChildren();
  empty.hidden = true;
}

async function refresh() {
  if (!hasKey() || document.hidden || polling) return;
  const asked = generation;
  polling = true;
  try {
    const [whose, { items, nextCursor }] = await Promise.all([me ?? getMe(), listApprovals(FILTERS[filter.value])]);
    if (asked !== generation) return;
    me = whose;
    person.textContent = me.username;
    connection.textContent = nextCursor === null ? '' : `These are the newest ${items.length}; there are more.`;
    show(filter.value === 'decided' ? items.filter(({ status }) => status !== 'open') : items);
    await Promise.all(
      [...cards].filter(([id, card]) => card.isOpen() && !items.some((item) => item.id === id)).map(follow),
    );
  } catch (error) {
    if (asked !== generation) return;
    if (error.status === 401) {
      forget();
      askForKey('That key is not valid.');
    } else connection.textContent = error.message;
  } finally {
    if (asked === generation) polling = false;
  }
}

function show(approvals) {
  for (const approval of approvals) {
    const card = cards.get(approval.id);
    if (card === undefined) add(approval);
    else card.update(approval);
  }
  empty.hidden = cards.size > 0;
}

function add(approval) {
  const card = createCard(approval, me);
  cards.set(approval.id, card);
  list.append(card.node);
}

/** What left the list was decided, here or elsewhere: its card tells how. */
async function follow([id, card]) {
  const approval = await getApproval(id).catch((error) => {
    if (error.status !== 404) throw error;
  });
  if (approval !== undefined) return card.update(approval);
  card.node.remove();
  cards.delete(id);
}
