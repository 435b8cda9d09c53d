import type { Lab } from '../lab.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';
import { cpuSeconds, treeCpuSeconds } from './cpu-seconds.ts';
import { countDatabase, countWalBytes } from './database-counts.ts';

/** Answers what was used since it was started, per task or per 1,000 tasks. */
export type Meter = (tasks: number) => Promise<Figures>;

/** Begins to measure what the parts that a variant has use while it works. */
export async function startMeter(lab: Lab, runner: Runner): Promise<Meter> {
  const before = await read(lab, runner);
  return async (tasks) => {
    const now = await read(lab, runner);
    const used = (figure: keyof Reading) => now[figure] - before[figure];
    const per = (count: number, figure: keyof Reading) => (used(figure) * count) / tasks;
    return {
      workerCpu: per(1_000, 'worker'),
      ...(runner.api && { apiCpu: per(1_000, 'api') }),
      clientCpu: per(1_000, 'client'),
      ...(runner.temporal && {
        temporalCpu: per(1_000, 'temporal'),
        ...(lab.temporal.store && {
          storeCpu: per(1_000, 'store'),
          storeWalBytes: per(1, 'storeWalBytes'),
          walShare: used('walBytes') / used('storeWalBytes'),
        }),
        mirrorStatements: per(1, 'mirrorStatements'),
        statements: per(1, 'statements'),
      }),
      ...(runner.server
        ? { serverCpu: per(1_000, 'server') }
        : { postgresCpu: per(1_000, 'postgres'), walBytes: per(1, 'walBytes') }),
    };
  };
}

async function read(lab: Lab, runner: Runner) {
  const counts = await countDatabase(lab.database);
  const { user, system } = process.cpuUsage();
  const { store } = lab.temporal;
  return {
    ...counts,
    worker: cpuSeconds(runner.worker()),
    api: runner.api ? cpuSeconds(runner.api()) : 0,
    server: runner.server ? cpuSeconds(runner.server()) : 0,
    client: (user + system) / 1e6,
    temporal: cpuSeconds(lab.temporal.pid),
    postgres: treeCpuSeconds(lab.servers.postgres.pid),
    store: store ? treeCpuSeconds(store.pid) : 0,
    storeWalBytes: lab.storeDatabase ? await countWalBytes(lab.storeDatabase) : 0,
  };
}

type Reading = Awaited<ReturnType<typeof read>>;
