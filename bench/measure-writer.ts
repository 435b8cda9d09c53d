import { setImmediate as turn } from 'node:timers/promises';
import type { Json } from '../src/contract.ts';
import { DEFAULT_TENANT } from '../src/contract.ts';
import type { Fact } from '../src/mirror/record.ts';
import { TASK_STATE_RANK } from '../src/mirror/record.ts';
import { createWriter } from '../src/mirror/writer.ts';
import { analyzeGrownTables } from '../src/store/analyze-grown-tables.ts';
import { createDatabase } from '../src/store/database.ts';
import type { Lab } from './lab.ts';
import { treeCpuSeconds } from './measure/cpu-seconds.ts';
import { countDatabase } from './measure/database-counts.ts';
import type { Figures, Sample } from './sample.ts';
import { ORDER, work } from './step.ts';

export const WRITER = 'writer';

/** Of one execution. */
const TASKS = 10;
/** Facts before it is measured. */
const WARM_UP = 10_000;
/** Facts that wait for a commit: as many as keep the writer's batches full. */
const QUEUED = 10_000;
/** Between two looks at how the tables have grown. */
const ANALYZE_MS = 5_000;

/** How many facts a second the mirror's writer takes; a fact is one attempt with its task's row, all indexes on. */
export async function measureWriter(
  lab: Lab,
  run: { readonly facts: number; readonly pairs: number; readonly say: (line: string) => void },
): Promise<readonly Sample[]> {
  const postgres = lab.servers.postgres.pid;
  const samples: Sample[] = [];
  await feed(lab.databaseUrl, WARM_UP, 'warm-up');
  for (let pair = 0; pair < run.pairs; pair++) {
    const before = await countDatabase(lab.database);
    const cpuBefore = treeCpuSeconds(postgres);
    const own = process.cpuUsage();
    const seconds = await feed(lab.databaseUrl, run.facts, `writer-${pair}`);
    const { user, system } = process.cpuUsage(own);
    const now = await countDatabase(lab.database);
    const figures: Figures = {
      factsPerSecond: run.facts / seconds,
      workerCpu: ((user + system) / 1e6 / run.facts) * 1_000,
      postgresCpu: ((treeCpuSeconds(postgres) - cpuBefore) / run.facts) * 1_000,
      mirrorStatements: (now.mirrorStatements - before.mirrorStatements) / run.facts,
      walBytes: (now.walBytes - before.walBytes) / run.facts,
    };
    samples.push({ workload: WRITER, variant: 'weft', pair, figures });
    run.say(`writer ${pair + 1}/${run.pairs}: ${(run.facts / seconds).toFixed(0)} facts a second`);
  }
  return samples;
}

/** Answers how long it took, s. @throws Error when not all came through */
async function feed(url: string, facts: number, name: string): Promise<number> {
  const database = createDatabase({ url, maxConnections: 4, name: 'weft-bench-writer' });
  const writer = createWriter(database);
  const createdAt = new Date().toISOString();
  // As the sweeper does while others write.
  const analyzing = setInterval(() => void database.asEngine(analyzeGrownTables), ANALYZE_MS);
  const began = performance.now();
  for (let number = 0; number < facts; number++) {
    writer.record(attempt(`${name}-${Math.floor(number / TASKS)}`, createdAt, number % TASKS));
    while (writer.queued() > QUEUED) await turn();
  }
  await writer.flush();
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(analyzing);
  const { dropped, poisoned } = writer.stats();
  await writer.close();
  await database.close();
  if (dropped + poisoned > 0) throw new Error(`the writer gave up ${dropped} facts and refused ${poisoned}`);
  return seconds;
}

/** What is recorded of an attempt that succeeded, made field by field as its interceptor does (`activities/record-attempts.ts`). */
function attempt(executionId: string, executionCreatedAt: string, number: number): readonly Fact[] {
  const now = Date.now();
  const path = `/step-${number}`;
  const input = { number, order: ORDER };
  return [
    {
      tenant: DEFAULT_TENANT,
      executionId,
      executionCreatedAt,
      kind: 'attempt',
      epoch: 0,
      authority: 0,
      ord: now,
      attempt: 1,
      stateRank: 4,
      path,
      runId: executionId,
      status: 'success',
      retryable: null,
      nextRetryAt: null,
      worker: 'bench',
      local: true,
      startedAt: now,
      endedAt: now,
    },
    {
      tenant: DEFAULT_TENANT,
      executionId,
      executionCreatedAt,
      kind: 'task',
      epoch: 0,
      authority: 0,
      ord: now,
      attempt: 1,
      stateRank: TASK_STATE_RANK.success,
      task: { path, taskId: `step-${number}`, type: 'executor', executor: 'step', dependencies: [], order: number },
      status: 'success',
      retryCount: 0,
      maxRetries: 2,
      input: input as Json,
      result: work(input),
      local: true,
      startedAt: now,
      endedAt: now,
    },
  ];
}
