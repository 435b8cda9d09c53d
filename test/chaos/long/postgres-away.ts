import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';
import type { LongFault } from './long-fault.ts';
import { patient } from './patient.ts';

const EXECUTIONS = 60;
const AWAY_MS = 180_000;
/** After its return everything is right again, ms. */
const BACK_MS = 60_000;

/** F2: business goes on without PostgreSQL, with as many calls as with it, and the mirror catches up. */
export const postgresAway: LongFault = {
  name: 'PostgreSQL away for 3 minutes',
  perSecond: 2,
  run: async (session) => {
    const control = await callsOf(session, () => sleep(AWAY_MS));
    const { postgres } = session.lab.servers;
    const away = await callsOf(session, () =>
      session.strike({
        kind: 'PostgreSQL away',
        strike: async () => {
          await postgres.crash();
          await sleep(AWAY_MS);
          await postgres.start();
          return `${AWAY_MS} ms`;
        },
      }),
    );
    session.report.note(`${EXECUTIONS} executions made ${control} calls with PostgreSQL, ${away} without`);
    if (away > control)
      session.report.found([{ invariant: 'F2', execution: null, what: `${away - control} extra attempts` }]);
  },
};

/** How many calls reach the provider from executions that work through `during`. */
async function callsOf({ lab, load, check }: Session, during: () => Promise<unknown>): Promise<number> {
  const started = await Promise.all(Array.from({ length: EXECUTIONS }, () => load.startOne(patient)));
  load.flow(true);
  await sleep(5_000);
  await during();
  await check(BACK_MS);
  let calls = 0;
  for (const { id } of started)
    for (const path of Object.keys(patient.effects)) calls += lab.ledger.calls.get(`${id}${path}`) ?? 0;
  return calls;
}
