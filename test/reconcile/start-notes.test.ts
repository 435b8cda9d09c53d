import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseExecution } from '../../src/operations/pause-execution.ts';
import type { Stack } from './stack.ts';
import { createStack, developer, poll } from './stack.ts';

describe('that Temporal has begun an execution', () => {
  /** Temporal is shared by all tests and keeps what ran before. */
  const own = randomUUID().slice(0, 8);
  let stack: Stack;
  const notes = () =>
    stack.rows(`select xmin::text as note, first_run_id as run from workflow_executions where id like '${own}-many%'`);

  beforeAll(async () => {
    stack = await createStack();
    await stack.save('nap', 'tasks:\n  - { id: nap, type: wait, for: 1h }\n');
  });
  afterAll(() => stack.close());

  it('is noted of many at once, and nobody waits for it', async () => {
    const started = Array.from({ length: 40 }, (_, index) => stack.start('nap', { id: `${own}-many-${index}` }));
    await Promise.all(started);
    const rows = await poll(notes, (all) => all.every(({ run }) => typeof run === 'string'));
    const together = new Set(rows.map(({ note }) => note)).size;
    console.log(`${rows.length} starts in ${together} notes`);
    expect(rows).toHaveLength(40);
    expect(together).toBeLessThan(20);
  });

  it('is noted before the process ends', async () => {
    const [, id] = await Promise.all([stack.start('nap'), stack.start('nap', { id: `${own}-last` })]);
    await stack.startNotes.flush();
    expect((await stack.read(id)).runId).toEqual(expect.any(String));
  });

  it('a worker need not have told for it to be paused', async () => {
    await stack.work();
    for (let index = 0; index < 10; index++) {
      const id = await stack.start('nap', { id: `${own}-paused-${index}` });
      const paused = await pauseExecution(stack, developer, { id, action: 'pause', reason: null });
      expect(paused, id).toBe('paused');
    }
  });

  it('one that is not due yet has not started', async () => {
    const id = await stack.start('nap', { delay: 60_000 });
    await expect(pauseExecution(stack, developer, { id, action: 'pause', reason: null })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});
