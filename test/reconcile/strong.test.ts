import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeLease } from '../../src/store/leases.ts';
import type { Read } from './reader.ts';
import { createReader } from './reader.ts';
import type { Stack } from './stack.ts';
import { createStack } from './stack.ts';

describe('GET with consistency=strong', () => {
  let stack: Stack;
  let read: Read;
  beforeAll(async () => {
    stack = await createStack();
    // Somebody else is the sweeper, and sweeps nothing: what shows, the request has found.
    await stack.database.asEngine((session) => takeLease(session, { name: 'sweeper', holder: 'idle', seconds: 600 }));
    read = await createReader(stack, stack.reconcile());
    await stack.work();
    await stack.save('nap', 'tasks:\n  - { id: nap, type: wait, for: 1h }\n  - { id: a, type: set, vars: { x: 1 } }\n');
  });
  afterAll(() => stack.close());

  async function napping(): Promise<string> {
    const id = await stack.start('nap');
    await stack.until(id, ({ currentTasks }) => currentTasks.includes('/nap'));
    return id;
  }

  it('answers at once what was terminated in Temporal itself', async () => {
    const id = await napping();
    expect((await read(`/executions/${id}?consistency=strong`)).body).toMatchObject({ status: 'running' });
    await stack.outside.getHandle(id).terminate('by hand');
    expect((await read(`/executions/${id}`)).body).toMatchObject({ status: 'running', confirmed: false });
    expect(await read(`/executions/${id}?consistency=strong`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', error: { code: 'TERMINATED', detail: 'by hand' }, confirmed: true },
    });
    const { items } = (await read(`/executions/${id}/tasks?path=/nap`)).body;
    expect(items).toMatchObject([{ status: 'cancelled', confirmed: true, mirroredAt: expect.any(String) }]);
  });

  it('with wait: confirms what has ended by itself meanwhile', async () => {
    await stack.save('short', 'tasks:\n  - { id: nap, type: wait, for: 1s }\n');
    const id = await stack.start('short');
    expect((await read(`/executions/${id}?consistency=strong&wait=20s`)).body).toMatchObject({ status: 'success' });
    // The workflow told its end before Temporal had it.
    await stack.until(id, ({ endedAt }) => endedAt !== null);
    expect((await read(`/executions/${id}?consistency=strong`)).body).toMatchObject({ confirmed: true });
  });

  it('tells an unknown one and another word', async () => {
    expect(await read('/executions/nobody?consistency=strong')).toMatchObject({ status: 404 });
    expect(await read('/executions/nobody?consistency=weak')).toMatchObject({ status: 400 });
  });

  it('is refused while Temporal is away, the mirror is not', async () => {
    const id = await napping();
    await stack.proxy.away();
    try {
      expect(await read(`/executions/${id}?consistency=strong`)).toMatchObject({
        status: 503,
        body: { code: 'TEMPORAL_UNAVAILABLE' },
      });
      expect((await read(`/executions/${id}`)).body).toMatchObject({ status: 'running' });
    } finally {
      await stack.proxy.back();
    }
  });
});
