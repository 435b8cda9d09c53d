import { copyFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readExecutions } from '../check-executions.ts';
import type { Lab } from '../lab.ts';
import type { Accepted } from '../load.ts';
import type { Session } from '../session.ts';
import { differencesOf } from '../verification.ts';
import type { Violation } from '../violation.ts';
import type { LongFault } from './long-fault.ts';
import { waiting } from './waiting.ts';

const EACH = 20;
/** What SQLite keeps beside the file. */
const FILES = ['', '-wal', '-shm'];
/** By then every execution that its older copy tells otherwise has been found, ms. */
const FOUND_MS = 120_000;

/**
 * F8: Temporal's database is put back to an older copy. What it doesn't know any more is lost or keeps its confirmed end;
 * what had ended since is followed again; nothing is said to run that doesn't.
 */
export const temporalRestored: LongFault = {
  name: 'Temporal put back to an older copy',
  perSecond: 2,
  run: async (session) => {
    const { lab, load, report, strike } = session;
    const before = await startWaiting(session);
    load.flow(true);
    await sleep(15_000);
    await whileAway(lab, (file) => copyFile(file, `${file}.copy`));
    await sleep(20_000);
    const after = await startWaiting(session);
    await Promise.all(
      before.slice(0, EACH / 2).map(({ id }) => lab.temporal.workflow.getHandle(id).terminate('by chaos')),
    );
    load.flow(false);
    await sleep(10_000);
    await strike({
      kind: 'Temporal restored',
      strike: async () => {
        await whileAway(lab, async (file) => {
          await rm(file, { force: true });
          await copyFile(`${file}.copy`, file);
        });
        return '';
      },
    });
    const began = Date.now();
    let wrong = await compare(lab);
    while (wrong.length > 0 && Date.now() - began < FOUND_MS) {
      await sleep(5_000);
      wrong = await compare(lab);
    }
    report.found(wrong);
    const lost = [...(await readExecutions(lab)).values()].filter(({ error_code }) => error_code === 'LOST');
    report.note(`all found after ${Date.now() - began} ms: ${lost.length} lost, of ${after.length} that had to be`);
    if (after.some(({ id }) => !lost.some((row) => row.id === id)))
      report.found([{ invariant: 'F8', execution: null, what: 'one that was started since the copy is not lost' }]);
  },
};

async function startWaiting({ load }: Session): Promise<readonly Accepted[]> {
  return Promise.all(Array.from({ length: EACH }, () => load.startOne(waiting)));
}

async function whileAway({ servers }: Lab, work: (file: string) => Promise<void>): Promise<void> {
  await servers.temporal.crash();
  // Those beside it are there while it was not closed in order.
  for (const end of FILES) await work(`${servers.temporal.dataFile}${end}`).catch(() => undefined);
  await servers.temporal.start();
}

async function compare(lab: Lab): Promise<readonly Violation[]> {
  const known = new Set<string>();
  for await (const { workflowId } of lab.temporal.workflow.list({ query: `TaskQueue = '${lab.taskQueue}'` }))
    known.add(workflowId);
  const violations: Violation[] = [];
  for (const { id, status } of (await readExecutions(lab)).values()) {
    if (!known.has(id)) {
      if (['pending', 'running', 'paused'].includes(status))
        violations.push({ invariant: 'F8', execution: id, what: `${status}, though Temporal doesn't know it` });
      continue;
    }
    for (const { path, field, temporal, mirror } of await differencesOf(lab, id)) {
      const what = `${path ?? ''} ${field}: Temporal has ${JSON.stringify(temporal)}, the mirror ${JSON.stringify(mirror)}`;
      violations.push({ invariant: 'F8', execution: id, what });
    }
  }
  return violations;
}
