import { setTimeout as sleep } from 'node:timers/promises';
import { forEachLimited } from '../../../src/reconcile/limit.ts';
import type { Accepted } from '../load.ts';
import type { Session } from '../session.ts';
import { until } from '../../stack/until.ts';
import type { LongFault } from './long-fault.ts';
import { waiting } from './waiting.ts';

const EACH = 200;
/** The mirror shows what was done from outside within these, ms. */
const BOUND = { p99: 5_000, all: 60_000 };

/** F15: what is ended past Weft is seen in time, all of it. */
export const endedOutside: LongFault = {
  name: 'ended from outside, 200 times each way',
  perSecond: 1,
  run: async (session) => {
    const { lab } = session;
    const handle = (id: string) => lab.temporal.workflow.getHandle(id);
    await treatAll(session, 'terminated', ({ id }) => handle(id).terminate('by chaos'));
    await treatAll(session, 'cancelled', ({ id }) => handle(id).cancel());
    await session.check();
  },
};

async function treatAll(
  { lab, load, report, strike }: Session,
  touch: 'terminated' | 'cancelled',
  treat: (one: Accepted) => Promise<unknown>,
): Promise<void> {
  const all: Accepted[] = [];
  await forEachLimited(Array.from({ length: EACH }), 8, async () => all.push(await load.startOne(waiting)));
  await until('all have paid', () => Promise.resolve(all.every(({ id }) => lab.ledger.calls.has(`${id}/pay`))));
  const at = new Map<string, number>();
  await strike({
    kind: `${touch} from outside`,
    strike: async () => {
      // About ten a second: a person with a script.
      for (const one of all) {
        one.touches.add(touch);
        await treat(one);
        at.set(one.id, Date.now());
        await sleep(80);
      }
      return `${EACH} executions`;
    },
  });
  const ids = all.map(({ id }) => id);
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
  const lags = rows.map((row) => row.at.getTime() - at.get(row.id)!).sort((a, b) => a - b);
  const p99 = lags[Math.ceil(lags.length * 0.99) - 1]!;
  report.note(`${touch} from outside: ${lags.length} were seen, p50 ${lags[lags.length >> 1]} ms, p99 ${p99} ms`);
  if (p99 > BOUND.p99)
    report.found([{ invariant: 'F15', execution: null, what: `${touch}: seen after ${p99} ms at p99` }]);
}
