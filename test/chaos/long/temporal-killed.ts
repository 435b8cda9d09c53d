import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from '../faults/index.ts';
import type { LongFault } from './long-fault.ts';

const TIMES = 20;
const EVERY_MS = 30_000;

/** F7: no start is lost or doubled. */
export const temporalKilled: LongFault = {
  name: 'Temporal killed 20 times in 10 minutes',
  perSecond: 3,
  run: async ({ load, strike, check }) => {
    const fault = faults.find(({ kind }) => kind === 'Temporal killed')!;
    load.flow(true);
    for (let time = 0; time < TIMES; time++) {
      const next = Date.now() + EVERY_MS;
      await strike(fault);
      await sleep(Math.max(0, next - Date.now()));
    }
    await check(60_000);
  },
};
