/** Times and people in words. */

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `in 3 days`, `2 hours ago`, `now`. */
export function when(iso) {
  const ms = Date.parse(iso) - Date.now();
  for (const [unit, size] of STEPS) {
    if (Math.abs(ms) >= size) return relative.format(Math.round(ms / size), unit);
  }
  return relative.format(Math.round(ms / 1_000), 'second');
}

/** The date and time, as this person writes them. */
export const exactly = (iso) => new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const isPast = (iso) => Date.parse(iso) < Date.now();

/** How many approvals it needs: `1 vote`, `2 votes, 1 given`, `3 of 5 votes`. */
export function quorumInWords({ quorum, quorumKind, assignees, votes }) {
  const of = quorumKind === 'count' ? '' : ` of ${assignees.length}`;
  const needed = `${quorum}${of} ${quorum === 1 && of === '' ? 'vote' : 'votes'}`;
  return votes.length === 0 ? needed : `${needed}, ${votes.length} given`;
}

/** Who decided and when, or an empty text while it is open. */
export function outcomeOf(approval) {
  if (approval.status === 'open') return '';
  const word = approval.status[0].toUpperCase() + approval.status.slice(1);
  const who = approval.decidedBy === null ? '' : ` by ${approval.decidedBy}`;
  return approval.decidedAt ? `${word}${who} ${when(approval.decidedAt)} (${exactly(approval.decidedAt)})` : word + who;
}
