import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLagWatch } from '../../src/reconcile/lag-watch.ts';
import type { LagWatch } from '../../src/reconcile/lag-watch.ts';
import type { Stack } from './stack.ts';
import { createStack } from './stack.ts';

const HOUR_MS = 3_600_000;

describe('how far the mirror is behind', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack();
  });
  afterAll(() => stack.close());

  it('is read from Temporal and the mirror, and shrinks as the sweeper works', async () => {
    expect(await createLagWatch(stack).read()).toEqual({
      sweptMs: null,
      unconfirmedMs: 0,
      retentionMs: expect.any(Number),
    });
    const reconciler = stack.reconcile();
    await expect.poll(async () => (await reconciler.lag()).sweptMs, { timeout: 10_000 }).toBeLessThan(5_000);
    await reconciler.stop();
    const first = (await createLagWatch(stack).read()).sweptMs!;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await createLagWatch(stack).read()).sweptMs).toBeGreaterThanOrEqual(first + 50);
  });

  describe('with a retention of an hour', () => {
    let said: { level: string; message: string }[];
    let watch: LagWatch;
    let isAway: boolean;
    beforeEach(() => {
      said = [];
      isAway = false;
      const note = (level: string) => (_: unknown, message?: string) => said.push({ level, message: message ?? '' });
      watch = createLagWatch({
        database: stack.database,
        temporal: { retention: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(HOUR_MS)) },
        log: { error: note('error'), info: note('info') },
      });
    });
    const sweptAgo = (minutes: number) =>
      stack.rows(
        `insert into weft.leases (name, holder, expires_at, done_at)
           values ('sweeper', '', now(), now() - interval '${minutes} minutes')
         on conflict (name) do update set done_at = excluded.done_at`,
      );

    it('says so once when no sweeper worked for more than a quarter of it, and when one does again', async () => {
      await sweptAgo(14);
      await watch.watch();
      expect(said).toEqual([]);
      await sweptAgo(16);
      await watch.watch();
      isAway = true;
      await watch.watch();
      expect(said).toEqual([{ level: 'error', message: expect.stringContaining('far behind') }]);
      await sweptAgo(0);
      await watch.watch();
      expect(said.at(-1)).toEqual({ level: 'info', message: expect.stringContaining('keeps up') });
      expect(said).toHaveLength(2);
    });

    it('says so when an end stays unconfirmed', async () => {
      await sweptAgo(0);
      await stack.rows(
        `insert into weft.workflow_executions (tenant_id, id, status, authority, ord, end_time)
           values ('default', '${randomUUID()}', 'success', 1, 1, now() - interval '20 minutes')`,
      );
      await watch.watch();
      expect(said).toEqual([{ level: 'error', message: expect.stringContaining('far behind') }]);
    });
  });
});
