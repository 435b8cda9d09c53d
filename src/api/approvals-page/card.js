/** One approval: what is asked, by whom and until when, the form, and the two buttons. */
import { claim, decide, getApproval, release } from './api.js';
import { element, newId } from './element.js';
import { createForm } from './form.js';
import { exactly, isPast, outcomeOf, quorumInWords, when } from './words.js';

/** @returns `node`, and `update(approval)`, which leaves what the person has typed as it is */
export function createCard(first, me) {
  let approval = first;
  let attempt = crypto.randomUUID();
  const titleId = newId();
  const facts = element('dl', { class: 'facts' });
  const votes = element('ul', { class: 'votes' });
  const outcome = element('p', { class: 'outcome', role: 'status', tabindex: '-1' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  const form = createForm(approval.form);
  const comment = element('textarea', { id: newId(), rows: 2, maxlength: 4_000 });
  const claiming = element('button', { type: 'button', class: 'quiet', onclick: toggleClaim });
  const answer = element(
    'form',
    { novalidate: true, 'aria-labelledby': titleId, onsubmit: (event) => event.preventDefault() },
    form.node,
    element('div', { class: 'field' }, element('label', { for: comment.id }, 'Comment'), comment),
    element(
      'div',
      { class: 'buttons' },
      element('button', { type: 'button', class: 'approve', onclick: () => send('approve') }, 'Approve'),
      element('button', { type: 'button', class: 'reject', onclick: () => send('reject') }, 'Reject'),
      claiming,
    ),
  );
  const description = approval.description ? element('p', { class: 'description' }, approval.description) : null;
  const title = element('h3', { id: titleId }, approval.title);
  const node = element(
    'li',
    { class: 'card', id: `approval-${approval.id}` },
    title,
    description,
    facts,
    votes,
    element('p', { class: 'note' }, linkTo(approval)),
    outcome,
    answer,
    problem,
  );
  show();

  /** An older picture than the one shown (the mirror is a moment behind) changes nothing. */
  function update(next) {
    if (approval.status !== 'open' && next.status === 'open') return;
    if (next.votes.length < approval.votes.length) return;
    approval = next;
    show();
  }

  function show() {
    const { deadline, claimedBy, startedBy, createdAt, assignees, candidateGroups } = approval;
    const late = deadline !== null && isPast(deadline);
    facts.replaceChildren(
      ...fact('For', [...assignees, ...candidateGroups.map((group) => `group ${group}`)].join(', ')),
      ...fact('Started by', startedBy ?? ''),
      ...fact('Asked', `${when(createdAt)} (${exactly(createdAt)})`),
      ...fact(
        'Due',
        deadline === null ? 'no deadline' : `${when(deadline)} (${exactly(deadline)})`,
        late ? 'late' : '',
      ),
      ...fact('Needs', quorumInWords(approval)),
      ...fact('Claimed by', claimedBy ?? ''),
    );
    votes.replaceChildren(...approval.votes.map((vote) => element('li', {}, voteInWords(vote))));
    outcome.textContent = outcomeOf(approval);
    const voted = approval.votes.some(({ user }) => user === me.username || user === me.id);
    if (voted && approval.status === 'open') outcome.textContent = 'Your vote is in; others are still to vote.';
    answer.hidden = voted || approval.status !== 'open';
    claiming.textContent = claimedBy === null ? 'Claim' : 'Release';
  }

  async function send(decision) {
    problem.textContent = '';
    form.showErrors([]);
    if (decision === 'approve' && !answer.reportValidity()) return;
    const data = answer.checkValidity() ? form.read() : undefined;
    const text = comment.value.trim();
    const body = { decision, ...(text === '' ? {} : { comment: text }), ...(data === undefined ? {} : { data }) };
    await busy(async () => update(await decide(approval.id, body, attempt)));
    if (answer.hidden) outcome.focus();
  }

  function toggleClaim() {
    const action = approval.claimedBy === null ? claim : release;
    return busy(async () => update(await action(approval.id)));
  }

  /** Runs a call with the buttons off, and tells its problem beside them. */
  async function busy(call) {
    const buttons = answer.querySelectorAll('button');
    buttons.forEach((button) => (button.disabled = true));
    problem.textContent = '';
    try {
      await call();
      attempt = crypto.randomUUID();
    } catch (error) {
      // An answer that got lost is asked for again under the same name; one that came is done with.
      if (error.status !== 0) attempt = crypto.randomUUID();
      tell(error);
      if (error.status === 409) await getApproval(approval.id).then(update, () => undefined);
    } finally {
      buttons.forEach((button) => (button.disabled = false));
    }
  }

  function tell(error) {
    const elsewhere = form.showErrors(error.problem?.errors ?? []);
    const { decidedBy, decidedAt } = error.problem ?? {};
    const who = decidedBy && decidedAt ? ` ${decidedBy} decided it ${when(decidedAt)} (${exactly(decidedAt)}).` : '';
    const lines = elsewhere.map(({ message }) => message);
    problem.textContent = [error.message.includes(decidedBy) ? error.message : error.message + who, ...lines].join(
      '\n',
    );
    answer.querySelector('[aria-invalid]')?.focus();
  }

  return { node, update, isOpen: () => approval.status === 'open' };
}

function linkTo({ temporalUrl: href, workflow }) {
  if (href === null) return workflow ?? '';
  return element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, `See ${workflow ?? 'it'} in Temporal`);
}

function fact(name, value, className = '') {
  return value === ''
    ? []
    : [element('dt', {}, name), element('dd', className === '' ? {} : { class: className }, value)];
}

function voteInWords({ user, decision, comment, at }) {
  const word = decision === 'approve' ? 'approved' : 'rejected';
  return `${user} ${word} ${when(at)}${comment ? `: “${comment}”` : ''}`;
}
