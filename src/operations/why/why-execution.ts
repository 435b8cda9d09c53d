import { ENDED_EXECUTION_STATUSES } from '../../contract.ts';
import { findExecution } from '../../mirror/read-executions.ts';
import type { ExecutionDetail } from '../../mirror/read-executions.ts';
import { MOST, readWaits } from '../../mirror/read-waits.ts';
import type { OpenChild, OpenTask, Waits } from '../../mirror/read-waits.ts';
import { Problem } from '../../problem.ts';
import type { Database } from '../../store/database.ts';
import { findStanding } from '../../store/executions.ts';
import type { Temporal } from '../../temporal/client.ts';
import { askTemporal } from './ask-temporal.ts';
import type { Asked } from './ask-temporal.ts';
import { endInWords, movesAfter } from './explain-end.ts';
import { explainApproval } from './explain-approval.ts';
import { explainEvent } from './explain-event.ts';
import { explainPending } from './explain-pending.ts';
import { explainRun } from './explain-run.ts';
import { explainTask } from './explain-task.ts';
import { byItself, weft } from './move.ts';
import { isoOf } from './wait.ts';
import type { Wait, Why } from './wait.ts';

type Parts = { readonly database: Database; readonly temporal: Temporal; readonly namespace: string };

/**
 * Whom or what an execution waits for, since when and what would move it: from the mirror, and from Temporal while it
 * answers.
 * @throws Problem NOT_FOUND, DATABASE_UNAVAILABLE
 */
export async function whyExecution(
  { database, temporal, namespace }: Parts,
  who: { readonly tenant: string; readonly userId: string },
  id: string,
): Promise<Why> {
  const { tenant } = who;
  const isThere = await database.asApp(who, (session) => findStanding(session, tenant, id));
  if (!isThere) throw new Problem('NOT_FOUND', `There is no execution '${id}'.`);
  const asked = await askTemporal(temporal, tenant, id);
  // Read after Temporal was asked: what the mirror says is not older than what Temporal said.
  const { execution, known } = await database.asApp(who, async (session) => ({
    execution: await findExecution(session, tenant, id),
    known: await readWaits(session, tenant, id),
  }));
  if (!execution) throw new Problem('NOT_FOUND', `There is no execution '${id}' any more.`);
  const { status } = execution;
  const isOver = (ENDED_EXECUTION_STATUSES as readonly string[]).includes(status);
  const base = { id, status, temporal: asked ? 'asked' : 'away' } as const;
  if (isOver) return { ...base, summary: endInWords(execution), waits: [], moves: movesAfter(execution) };
  const waits = [...waitsOf(execution, known, asked, namespace)];
  const cancel = weft('cancel it', ['cancel', id], { method: 'POST', path: ['executions', id, 'cancel'] });
  return { ...base, summary: summaryOf(waits, known.openTasks, asked), waits, moves: [cancel] };
}

function waitsOf(
  execution: ExecutionDetail,
  known: Waits,
  asked: Asked | undefined,
  namespace: string,
): readonly Wait[] {
  const { id, status, runId } = execution;
  const run = explainRun(execution, known, asked, namespace);
  if (status === 'pending' && (asked === undefined || (runId === null && !asked.run))) {
    return [...run, explainPending(execution, asked === undefined, Date.now())];
  }
  if (asked && !asked.run?.isOpen) return [...run, overInTemporal(id, asked)];
  const children = new Map(known.children.map((child) => [child.path, child]));
  const waited = new Set([...known.approvals.map(({ task }) => task), ...known.events.map(({ path }) => path)]);
  const activities = new Map(asked?.activities.map((activity) => [activity.id, activity]));
  const context = { namespace, abandoned: asked?.abandoned ?? new Set<string>() };
  const others = known.tasks
    .filter(({ path }) => !waited.has(path))
    .map((task) => {
      const child = children.get(task.path);
      if (child) return explainChild(task, child);
      const { kind, until } = (task.waitingFor ?? {}) as { readonly kind?: unknown; readonly until?: unknown };
      if (kind === 'timer' && typeof until === 'string') return explainTimer(task, until);
      const activity = activities.get(task.path);
      activities.delete(task.path);
      return explainTask(task, activity, context);
    });
  return [
    ...run,
    ...known.approvals.map(explainApproval),
    ...known.events.map(explainEvent),
    ...others,
    // What the mirror has not heard of: not taken by a worker yet, or the engine's own calls.
    ...[...activities.values()]
      .slice(0, MOST - others.length)
      .map((activity) => explainTask(undefined, activity, context)),
    ...(asked?.shards ?? []).map((shard) => explainShard(shard.id)),
  ];
}

function overInTemporal(id: string, { run }: Asked): Wait {
  const strong = { what: 'compare it now', how: null, http: `GET /api/v1/executions/${id}?consistency=strong` };
  return {
    ...{
      path: null,
      kind: 'workflow',
      since: isoOf(run?.closedAt),
      until: null,
      about: { isKnown: run !== undefined },
    },
    for: run ? 'its end, which Temporal knows, to be mirrored' : 'Temporal, which does not know it',
    moves: [byItself('the mirror follows by itself'), strong],
  };
}

function explainChild({ path, startedAt }: OpenTask, child: OpenChild): Wait {
  return {
    ...{ path, kind: 'execution', since: isoOf(startedAt), until: null },
    for: `the execution ${child.id}, which is ${child.status}`,
    about: { execution: child.id, status: child.status },
    moves: [
      weft('see what that one waits for', ['why', child.id], { method: 'GET', path: ['executions', child.id, 'why'] }),
    ],
  };
}

function explainTimer({ path, startedAt }: OpenTask, until: string): Wait {
  return {
    ...{ path, kind: 'timer', since: isoOf(startedAt), until },
    for: `the time, until ${until}`,
    about: {},
    moves: [byItself(`it goes on by itself at ${until}`)],
  };
}

function explainShard(id: string): Wait {
  return {
    ...{ path: null, kind: 'shard', since: null, until: null },
    for: `the shard ${id} of a large foreach`,
    about: { workflowId: id },
    moves: [byItself('its end')],
  };
}

function summaryOf(waits: readonly Wait[], openTasks: number, asked: Asked | undefined): string {
  const [first] = waits;
  const ending = asked?.run?.isCancelRequested ? 'It is being cancelled. ' : '';
  if (!first) return `${ending}It is between two steps.`;
  const count = Math.max(waits.length, openTasks, asked?.activities.length ?? 0);
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return `${ending}Waits for ${first.for}${others}.`;
}
