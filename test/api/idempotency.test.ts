import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { route } from '../../src/api/route.ts';
import { Problem } from '../../src/problem.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const runs: { key: string | undefined; n: number }[] = [];
/** How long the next runs take, ms; without it as the body says. */
const pauses: number[] = [];
const declared = {
  permission: 'workflow:read',
  tag: 'test',
  summary: 'Test',
  answers: { 201: { description: 'Made' } },
} as const;
const body = z.strictObject({
  n: z.int(),
  fails: z.enum(['conflict', 'down', 'bug']).optional(),
  ms: z.int().optional(),
});
const things = route({ ...declared, method: 'post', path: '/things', body }, async (c) => {
  const { n, fails, ms = 50 } = c.req.valid('json');
  const run = runs.push({ key: c.get('idempotencyKey'), n });
  await sleep(pauses.shift() ?? ms);
  if (fails === 'conflict') throw new Problem('CONFLICT', `Run ${run}.`);
  if (fails === 'down') throw new Problem('TEMPORAL_UNAVAILABLE', 'Away.');
  if (fails === 'bug') throw new Error('bug');
  c.header('Location', `/things/${run}`);
  return c.json({ run }, 201);
});
const others = route({ ...declared, method: 'post', path: '/others/{id}', body }, (c) => {
  runs.push({ key: c.get('idempotencyKey'), n: c.req.valid('json').n });
  return c.json({ run: runs.length }, 201);
});

let api: TestApp;
let client: Client;
beforeAll(async () => {
  api = await createTestApp({ routes: [things, others] });
  client = new Client({ connectionString: api.superuserUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await api.close();
});
beforeEach(() => {
  runs.length = 0;
});

const post = (key: string, sent: object, caller: 'viewer' | 'admin' | 'stranger' = 'viewer', path = '/things') =>
  api.call(caller, 'POST', path, sent, { 'idempotency-key': key });

describe('an Idempotency-Key', () => {
  it('makes ten concurrent POSTs one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('ten', { n: 1 })));
    expect(runs).toEqual([{ key: 'ten', n: 1 }]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 10 }, () => [201, { run: 1 }]),
    );
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(
      Array.from({ length: 10 }, () => '/things/1'),
    );
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(9);
  });

  it('gives the first answer again, a 4xx too', async () => {
    const [first, second] = [
      await post('refused', { n: 1, fails: 'conflict' }),
      await post('refused', { n: 1, fails: 'conflict' }),
    ];
    expect(runs).toHaveLength(1);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toBe('application/problem+json');
    expect([second.status, second.body]).toEqual([409, first.body]);
  });

  it('is refused with another body, and with another address of the same route', async () => {
    await post('mine', { n: 1 });
    expect(await post('mine', { n: 2 })).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } });
    await post('there', { n: 1 }, 'viewer', '/others/a');
    expect(await post('there', { n: 1 }, 'viewer', '/others/b')).toMatchObject({ status: 422 });
    expect(runs).toHaveLength(2);
  });

  it('is refused with another body while the first is in flight', async () => {
    const first = post('flight', { n: 1, ms: 300 });
    await sleep(100);
    expect(await post('flight', { n: 2 })).toMatchObject({ status: 422 });
    expect((await first).status).toBe(201);
  });

  it('belongs to a tenant, a user and a route', async () => {
    await post('shared', { n: 1 }, 'viewer');
    await post('shared', { n: 2 }, 'admin');
    await post('shared', { n: 3 }, 'stranger');
    await post('shared', { n: 4 }, 'viewer', '/others/a');
    expect(runs.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
  });

  it.each(['down', 'bug'] as const)('does not keep an answer of 500 or above (%s)', async (fails) => {
    expect((await post(`again-${fails}`, { n: 1, fails })).status).toBeGreaterThanOrEqual(500);
    expect((await post(`again-${fails}`, { n: 1, fails })).status).toBeGreaterThanOrEqual(500);
    expect(runs).toHaveLength(2);
  });

  it('left in flight by a dead process is taken over after 20 s, by one of many', async () => {
    await post('dead', { n: 1 });
    await client.query(
      "update weft.idempotency_keys set status = null, response = null, created_at = now() - interval '21 seconds' where key = 'dead'",
    );
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('dead', { n: 1 })));
    expect(runs).toHaveLength(2);
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 5 }, () => ({ run: 2 })));
  });

  it('is forgotten after 24 hours', async () => {
    await post('old', { n: 1 });
    await client.query("update weft.idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'");
    expect(await post('old', { n: 2 })).toMatchObject({ status: 201, body: { run: 2 } });
  });

  it('that came late does not overwrite the answer of who took over', async () => {
    pauses.push(600, 50);
    const slow = post('slow', { n: 1 });
    await sleep(150);
    await client.query(
      "update weft.idempotency_keys set created_at = now() - interval '21 seconds' where key = 'slow'",
    );
    const taker = await post('slow', { n: 1 });
    await slow;
    expect(taker.body).toEqual({ run: 2 });
    const { rows } = await client.query(
      "select response ->> 'body' as body from weft.idempotency_keys where key = 'slow'",
    );
    expect(rows).toEqual([{ body: '{"run":2}' }]);
    expect((await post('slow', { n: 1 })).body).toEqual({ run: 2 });
    expect(runs).toHaveLength(2);
  });

  it.each([' ', 'with space', 'ü', 'x'.repeat(256)])('of another form is refused: %j', async (key) => {
    const headers = { 'idempotency-key': key };
    const answer = await api.call('viewer', 'POST', '/things', { n: 1 }, headers).catch(() => ({ status: 400 }));
    expect([400, 201]).toContain(answer.status);
    if (key.trim() !== '') expect(answer.status).toBe(400);
  });

  it('is not spent by a request that is malformed', async () => {
    expect((await post('spent', { n: 'x' })).status).toBe(400);
    expect((await post('spent', { n: 1 })).status).toBe(201);
  });
});
