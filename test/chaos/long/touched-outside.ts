import { setTimeout as sleep } from 'node:timers/promises';
import { forEachLimited } from '../../../src/reconcile/limit.ts';
import { until } from '../../stack/until.ts';
import type { Accepted, Touch } from '../load.ts';
import { resetTo } from '../reset-to.ts';
import type { Session } from '../session.ts';
import { startTimed } from '../start-timed.ts';
import type { LongFault } from './long-fault.ts';
import { waiting } from './waiting.ts';

const EACH = 200;
/** Between two, ms: about ten a second, as of a person with a script. */
const BETWEEN_MS = 80;
/** The mirror shows what was done from outside within these, ms. */
const BOUND = { p99: 5_000, all: 60_000 };

/** Moments by execution id, ms. */
type Moments = ReadonlyMap<string, number>;

/** F15, F16: what is done to executions past Weft is seen in time, all of it. */
export const touchedOutside: LongFault = {
  name: 'terminated, cancelled, timed out, reset from outside, 200 times each',
  perSecond: 1,
  run: async (session) => {
    const { lab } = session;
    const handle = (id: string) => lab.temporal.workflow.getHandle(id);
    const reset = await startWaiting(session);
    const runs = new Map<string, string>();
    const resets = await touch(session, 'reset', reset, async ({ id }) => runs.set(id, await resetTo(session, id)));
    judge(session, 'reset', resets, await whenFollowed(session, runs));
    // They would wait for an hour.
    const ends = await touch(session, 'terminated', reset, ({ id }) => handle(id).terminate('by chaos'));
    judge(session, 'terminated', ends, await whenEnded(session, ends));
    const cancelled = await touch(session, 'cancelled', await startWaiting(session), ({ id }) => handle(id).cancel());
    judge(session, 'cancelled', cancelled, await whenEnded(session, cancelled));
    const timeouts = await timeOut(session);
    judge(session, 'timed out', timeouts, await whenEnded(session, timeouts));
    await session.check();
  },
};

async function startWaiting({ load, lab }: Session): Promise<readonly Accepted[]> {
  const all: Accepted[] = [];
  await forEachLimited(Array.from({ length: EACH }), 8, async () => all.push(await load.startOne(waiting)));
  await until('all have paid', () => Promise.resolve(all.every(({ id }) => lab.ledger.calls.has(`${id}/pay`))));
  return all;
}

/** Answers when each was touched. */
async function touch(
  { strike }: Session,
  how: Touch,
  all: readonly Accepted[],
  treat: (one: Accepted) => Promise<unknown>,
): Promise<Moments> {
  const at = new Map<string, number>();
  await strike({
    kind: `${how} from outside`,
    strike: async () => {
      for (const one of all) {
        one.touches.add(how);
        await treat(one);
        at.set(one.id, Date.now());
        await sleep(BETWEEN_MS);
      }
      return `${all.length} executions`;
    },
  });
  return at;
}

/** Answers when Temporal ended each. */
async function timeOut({ lab, load, strike }: Session): Promise<Moments> {
  let all: readonly Accepted[] = [];
  await strike({
    kind: 'run timeout',
    strike: async () => {
      all = await startTimed({ lab, load }, waiting, { count: EACH, timeout: '50s', pauseMs: BETWEEN_MS });
      return `${all.length} executions`;
    },
  });
  const at = new Map<string, number>();
  for (const { id } of all) {
    const closed = await until(
      `${id} has timed out`,
      async () => {
        const { status, closeTime } = await lab.temporal.workflow.getHandle(id).describe();
        return status.name === 'TIMED_OUT' && closeTime;
      },
      BOUND.all,
    );
    at.set(id, closed.getTime());
  }
  return at;
}

/** Answers when the mirror showed the end of each. */
async function whenEnded({ lab }: Session, ends: Moments): Promise<Moments> {
  const ids = [...ends.keys()];
  await until(
    'all have ended in the mirror',
    async () => {
      const { rows } = await lab.database.query(
        'select count(*)::int as n from weft.workflow_executions where authority = 2 and id = any($1)',
        [ids],
      );
      return rows[0].n === ids.length;
    },
    BOUND.all,
  );
  const { rows } = await lab.database.query<{ id: string; at: Date }>(
    `select id, min(at) as at from chaos.journal where id = any($1) and new_status in ('cancelled', 'timeout') group by id`,
    [ids],
  );
  return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
}

/** Answers when the mirror showed the new run of each. @param runs by execution id */
async function whenFollowed({ lab }: Session, runs: ReadonlyMap<string, string>): Promise<Moments> {
  const at = new Map<string, number>();
  await until(
    'the mirror follows all new runs',
    async () => {
      const { rows } = await lab.database.query<{ id: string; at: Date }>(
        `select execution_id as id, created_at as at from weft.execution_history
          where event_type = 'workflow_reopened' and data->>'run' = any($1)`,
        [[...runs.values()]],
      );
      for (const row of rows) at.set(row.id, row.at.getTime());
      return at.size === runs.size;
    },
    BOUND.all,
  );
  return at;
}

function judge({ report }: Session, how: Touch, done: Moments, seen: Moments): void {
  const lags = [...seen].map(([id, at]) => at - done.get(id)!).sort((a, b) => a - b);
  const p99 = lags[Math.ceil(lags.length * 0.99) - 1] ?? 0;
  const last = lags.at(-1) ?? 0;
  report.note(
    `${how} from outside: ${lags.length} seen, p50 ${lags[lags.length >> 1]} ms, p99 ${p99} ms, at most ${last} ms`,
  );
  if (lags.length !== done.size || p99 > BOUND.p99)
    report.found([{ invariant: 'F15', execution: null, what: `${how}: ${lags.length} seen, after ${p99} ms at p99` }]);
}
