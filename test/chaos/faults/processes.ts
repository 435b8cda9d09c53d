import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { shortWhile } from '../fault.ts';

const SKEWED_CLOCK = join(import.meta.dirname, '..', 'skewed-clock.cjs');
const TEN_MINUTES_MS = 600_000;

/** Processes of ours that die or stand still. */
export const processFaults: readonly Fault[] = [
  {
    kind: 'worker killed',
    strike: async ({ lab, random }) => {
      const worker = random.pick(lab.workers);
      await worker.kill('SIGKILL');
      await worker.start();
      return worker.name;
    },
  },
  {
    kind: 'both workers killed',
    strike: async ({ lab }) => {
      await Promise.all(lab.workers.map((worker) => worker.kill('SIGKILL')));
      await Promise.all(lab.workers.map((worker) => worker.start()));
      return '';
    },
  },
  {
    kind: 'worker stopped in order',
    strike: async ({ lab, random }) => {
      const worker = random.pick(lab.workers);
      await worker.kill('SIGTERM');
      await worker.start();
      return worker.name;
    },
  },
  {
    // Longer than an attempt may take, so that what it does after it wakes up is a zombie's.
    kind: 'worker frozen',
    strike: async ({ lab, random }) => {
      const worker = random.pick(lab.workers);
      const ms = random.between(4_000, 6_000);
      worker.send('SIGSTOP');
      await sleep(ms);
      worker.send('SIGCONT');
      return `${worker.name} for ${ms} ms`;
    },
  },
  {
    kind: 'API killed',
    strike: async ({ lab }) => {
      await lab.api.kill('SIGKILL');
      await lab.api.start();
      return '';
    },
  },
  {
    kind: 'API frozen',
    strike: async ({ lab, random }) => {
      const ms = shortWhile(random);
      lab.api.send('SIGSTOP');
      await sleep(ms);
      lab.api.send('SIGCONT');
      return `for ${ms} ms`;
    },
  },
  {
    // The first one, which sweeps, is killed while the second is there to take over.
    kind: 'two APIs, one killed',
    strike: async ({ lab, random }) => {
      await lab.secondApi.start();
      await sleep(random.between(500, 2_000));
      await lab.api.kill('SIGKILL');
      await sleep(random.between(500, 2_000));
      await lab.api.start();
      await lab.secondApi.kill('SIGTERM');
      return '';
    },
  },
  {
    kind: 'clock wrong by 10 minutes',
    strike: async ({ lab, random }) => {
      const service = random.pick([lab.api, ...lab.workers]);
      const skew = random.pick([-1, 1]) * TEN_MINUTES_MS;
      await service.kill('SIGTERM');
      await service.start({ NODE_OPTIONS: `--require ${SKEWED_CLOCK}`, WEFT_SKEW: String(skew) });
      await sleep(random.between(3_000, 5_000));
      await service.kill('SIGTERM');
      await service.start();
      return `${service.name}'s, ${skew > 0 ? 'fast' : 'slow'}`;
    },
  },
];
