/** A Temporal whose database was put back to an older copy: what it forgot, and what it runs again. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemporalServer } from '../../src/dev/temporal.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import { approvalId } from '../../src/ids.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

const STEPS = ['one', 'two', 'three'] as const;
const DEFINITION = `tasks:${STEPS.map(
  (name) => `
  - { id: do_${name}, type: executor, executor: transform, local: false, with: { value: ${name} } }
  - { id: ${name}, type: approval, title: ${name}, assignees: [manager] }`,
).join('')}`;

describe('Temporal put back to an older copy', { timeout: 180_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'weft-restored-'));
  const dataFile = join(directory, 'temporal.db');
  let temporal: TemporalServer;
  let stack: Stack;
  let reconciler: Reconciler;
  let stopWorker: () => Promise<void>;

  const startServer = (port: number) => startTemporal({ port, uiPort: 0, dataFile, logFile: join(directory, 'log') });
  /** Stops the server, does something with its files, starts it where it was; a worker must not keep what it knew. */
  async function withoutTemporal(work: () => void): Promise<void> {
    await stopWorker();
    await temporal.stop();
    work();
    temporal = await startServer(temporal.port);
    stopWorker = await stack.work();
  }
  const filesOf = (name: string) => ['', '-wal', '-shm'].map((suffix) => join(directory, `${name}${suffix}`));
  function copy(from: string, to: string): void {
    for (const [index, file] of filesOf(from).entries()) {
      const other = filesOf(to)[index] ?? '';
      rmSync(other, { force: true });
      if (existsSync(file)) copyFileSync(file, other);
    }
  }

  const waitsAt = (id: string, step: string) =>
    stack.until(id, ({ currentTasks }) => currentTasks.includes(`/${step}`), 60_000);
  async function approve(id: string, step: string): Promise<void> {
    const vote = { id: approvalId(id, `/${step}`, 1), decision: 'approve' as const, comment: null, data: {} };
    await poll(
      () =>
        decideApproval(stack, manager, { ...vote, channel: 'api' }).then(
          () => true,
          () => false,
        ),
      (isDone) => isDone,
    );
  }
  async function goOn(id: string, ...steps: readonly string[]): Promise<void> {
    for (const step of steps) {
      await waitsAt(id, step);
      await approve(id, step);
    }
  }
  const verify = async (id: string) => await reconciler.verify('default', id);

  beforeAll(async () => {
    temporal = await startServer(0);
    stack = await createStack([], temporal);
    await stack.save('steps', DEFINITION);
    stopWorker = await stack.work();
    reconciler = stack.reconcile();
  });
  afterAll(async () => {
    await stack.close();
    await temporal.stop();
    rmSync(directory, { recursive: true });
  });

  it('each execution that went another way is found: open ones go on from where they are, none is silently running', async () => {
    const [ended, ahead, same] = await Promise.all([1, 2, 3].map(() => stack.start('steps')));
    const early = [ended, ahead, same] as [string, string, string];
    await Promise.all(early.map((id) => waitsAt(id, 'one')));
    await withoutTemporal(() => copy('temporal.db', 'old.db'));

    await goOn(early[1], 'one');
    await waitsAt(early[1], 'two');
    const late = await Promise.all([1, 2, 3].map(() => stack.start('steps')));
    const [lost, ...over] = late as [string, string, string];
    await waitsAt(lost, 'one');
    await Promise.all([early[0], ...over].map((id) => goOn(id, ...STEPS)));
    await Promise.all([early[0], ...over].map((id) => stack.until(id, ({ confirmed }) => confirmed, 60_000)));

    await withoutTemporal(() => copy('old.db', 'temporal.db'));
    const began = Date.now();
    // Its end is undone.
    expect(await waitsAt(early[0], 'one')).toMatchObject({ status: 'running', confirmed: false, endedAt: null });
    // It had come further.
    expect(await waitsAt(early[1], 'one')).toMatchObject({ status: 'running' });
    console.log(`what went another way was found ${Date.now() - began} ms after Temporal was back`);
    for (const id of early) expect(await verify(id)).toMatchObject({ state: 'open', agrees: true });
    // What it never heard of is lost, and what had ended has ended.
    expect(await stack.until(lost, ({ endedAt }) => endedAt !== null, 60_000)).toMatchObject({
      ...{ status: 'failed', errorCode: 'LOST' },
    });
    for (const id of over) {
      expect(await stack.read(id)).toMatchObject({ status: 'success', confirmed: true });
      expect(await verify(id)).toMatchObject({ state: 'forgotten', agrees: true });
    }

    for (const id of early) await goOn(id, ...STEPS);
    for (const id of early) {
      expect(await stack.until(id, ({ confirmed }) => confirmed, 60_000)).toMatchObject({ status: 'success' });
      expect(await verify(id)).toMatchObject({ state: 'ended', agrees: true });
    }
  });
});
