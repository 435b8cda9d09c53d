import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalRow } from '../mirror/read-approvals.ts';
import { listApprovalsSince } from '../mirror/read-approvals.ts';
import type { Changes } from '../mirror/changes.ts';
import { findExecution } from '../mirror/read-executions.ts';
import type { ExecutionDetail } from '../mirror/read-executions.ts';
import { listTasksSince } from '../mirror/read-tasks.ts';
import type { TaskRow } from '../mirror/read-tasks.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { hasEnded } from './pass-on.ts';
import { createWakeup } from './wakeup.ts';

/** What a follower is told: everything once, then each row that changed, whole. */
export type ExecutionEvent =
  | { readonly kind: 'snapshot'; readonly picture: Picture }
  | { readonly kind: 'task'; readonly task: TaskRow }
  | { readonly kind: 'approval'; readonly approval: ApprovalRow }
  | { readonly kind: 'execution'; readonly execution: ExecutionDetail }
  /** Nothing happened for a while. */
  | { readonly kind: 'idle' }
  /** Its end is confirmed: nothing changes any more. */
  | { readonly kind: 'end' };

export type Picture = {
  readonly execution: ExecutionDetail;
  readonly tasks: readonly TaskRow[];
  readonly approvals: readonly ApprovalRow[];
};

const IDLE_MS = 5_000;
/** Changes that come closer together are read together. ms */
const PACE_MS = 50;
const BEGINNING = '-infinity';

/**
 * Tells what happens in an execution, in order, until its end is confirmed or `signal` is aborted. Rows are read when
 * the follower asks for more: a slow one gets fewer, newer ones, and nothing piles up.
 * @throws Problem NOT_FOUND
 */
export async function* followExecution(
  parts: { readonly database: Database; readonly changes: Changes },
  who: { readonly tenant: string; readonly userId: string },
  { id, signal }: { readonly id: string; readonly signal: AbortSignal },
): AsyncGenerator<ExecutionEvent, void> {
  const wakeup = createWakeup(parts.changes, { tenant: who.tenant, id, which: 'changes' });
  try {
    let picture = await read(parts.database, who, id, BEGINNING);
    let known = versionsIn(picture);
    yield { kind: 'snapshot', picture };
    while (!isFinal(picture.execution)) {
      await wakeup.wait(IDLE_MS, signal);
      await sleep(PACE_MS);
      if (signal.aborted) return;
      picture = await read(parts.database, who, id, known.latest);
      const events = eventsIn(picture).filter(([key, writtenAt]) => known.rows.get(key) !== writtenAt);
      known = versionsIn(picture, known.latest);
      for (const [, , event] of events) yield event;
      if (events.length === 0) yield { kind: 'idle' };
    }
    yield { kind: 'end' };
  } finally {
    wakeup.close();
  }
}

/** The execution first: the rows read after it are at least as new, so that none is missing at its end. */
function read(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  id: string,
  since: string,
): Promise<Picture> {
  return database.asApp(who, async (session) => {
    const execution = await findExecution(session, who.tenant, id);
    if (!execution) throw new Problem('NOT_FOUND', `There is no execution '${id}'.`);
    const tasks = await listTasksSince(session, who.tenant, id, since);
    const approvals = await listApprovalsSince(session, who.tenant, id, since);
    return { execution, tasks, approvals };
  });
}

type Keyed = readonly [key: string, writtenAt: string, event: ExecutionEvent];

/** In the order they are told: what the end rests on before the end. */
function eventsIn({ execution, tasks, approvals }: Picture): readonly Keyed[] {
  return [
    ...tasks.map((task): Keyed => [task.path, task.writtenAt, { kind: 'task', task }]),
    ...approvals.map((approval): Keyed => [approval.id, approval.writtenAt, { kind: 'approval', approval }]),
    ['', execution.writtenAt, { kind: 'execution', execution }],
  ];
}

type Versions = { readonly latest: string; readonly rows: ReadonlyMap<string, string> };

/** Which versions were told. Of what was not read again none need be kept: it is older than any next look. */
function versionsIn(picture: Picture, before = BEGINNING): Versions {
  const rows = new Map(eventsIn(picture).map(([key, writtenAt]) => [key, writtenAt] as const));
  // As text of one zone these sort like times.
  const latest = [...rows.values()].reduce((a, b) => (a > b ? a : b), before);
  return { latest, rows };
}

function isFinal(execution: ExecutionDetail): boolean {
  return execution.confirmed && hasEnded(execution);
}
