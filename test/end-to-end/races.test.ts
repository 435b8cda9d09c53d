import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** `npm run soak:races` tries 1,000 times. */
const TRIES = Number(process.env['WEFT_TRIES'] ?? 100);
const AT_ONCE = 50;

/** Ends by itself right when the other side acts, a little before or a little after. */
const SHORT = `
name: short
tasks:
  - { id: a, type: executor, executor: transform, with: { value: 1 } }
`;

const MIRROR_OF: { readonly [temporal: string]: string } = {
  COMPLETED: 'success',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
  FAILED: 'failed',
  TIMED_OUT: 'timeout',
};

describe('beside a finishing execution', { timeout: 300_000 }, () => {
  let weft: TestWeft;
  let client: Client;

  beforeAll(async () => {
    const { address, namespace } = inject('weft').temporal;
    client = new Client({ connection: await Connection.connect({ address }), namespace });
    weft = await startWeft();
    await weft.save(SHORT, 'short');
  });
  afterAll(async () => {
    await client.connection.close();
    await weft.stop();
  });

  async function raceOnce(
    id: string,
    act: (id: string) => Promise<unknown>,
    delay: number,
  ): Promise<{ temporal: string; mirror: string }> {
    await weft.developer('POST', '/executions', { workflow: 'short', id });
    await new Promise((resolve) => setTimeout(resolve, delay));
    // It may have ended by then: that is the race.
    await act(id).catch(() => undefined);
    const mirror = await weft.until(`${id} is confirmed`, async () => {
      const { body } = await weft.developer('GET', `/executions/${id}`);
      return body.confirmed === true && body;
    });
    const { status } = await client.workflow.getHandle(id).describe();
    expect(mirror.status, `${id} is ${status.name} in Temporal`).toBe(MIRROR_OF[status.name]);
    const tasks = (await weft.developer('GET', `/executions/${id}/tasks?limit=500`)).body.items as { status: string }[];
    expect(tasks.filter((task) => ['pending', 'running', 'waiting', 'retry'].includes(task.status))).toEqual([]);
    return { temporal: status.name, mirror: mirror.status };
  }

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['terminate', (id) => client.workflow.getHandle(id).terminate('from outside')],
    ['cancel', (id) => client.workflow.getHandle(id).cancel()],
    ['signal', (id) => client.workflow.getHandle(id).signal('hello')],
  ])(`%s, ${TRIES} tries from outside: the mirror ends as Temporal does`, async (name, act) => {
    const counts: Record<string, number> = {};
    for (let first = 0; first < TRIES; first += AT_ONCE) {
      const results = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          raceOnce(`${name}-${first + index}-${randomUUID()}`, act, ((first + index) * 7) % 60),
        ),
      );
      for (const { temporal } of results) counts[temporal] = (counts[temporal] ?? 0) + 1;
    }
    console.log(`${name} beside the end, ${TRIES} tries:`, counts);
  });
});
