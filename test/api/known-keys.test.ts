/** Keys that a process knows from before: whose they were is confirmed with the first statement, and counts for nothing else. */
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes/index.ts';
import type { Called, TestApp } from './app.ts';
import { createTestApp } from './app.ts';

/** It answers without asking the database, whatever it declares. */
const silent = route(
  {
    method: 'get',
    path: '/silent',
    permission: 'profile:read',
    confirmsKey: () => true,
    tag: 'me',
    summary: 'Says nothing',
    answers: { 200: { description: 'Nothing' } },
  },
  (c) => c.json({}),
);

let api: TestApp;
let client: Client;
beforeAll(async () => {
  api = await createTestApp({ routes: [...routes, silent] });
  client = new Client({ connectionString: api.superuserUrl });
  await client.connect();
  const definition = 'tasks: [{ id: a, type: executor, executor: log, with: { message: hi } }]';
  await api.call('developer', 'PUT', '/workflows/known', definition, { 'content-type': 'application/yaml' });
});
afterAll(async () => {
  await client.end();
  await api.close();
});

const UNDO = `
  update weft.api_keys set revoked_at = null, expires_at = null, scopes = '{}' where user_id = 'admin';
  update weft.users set deleted_at = null, is_active = true, roles = '{admin}' where id = 'admin'`;
beforeEach(async () => {
  await client.query(UNDO);
  await api.call('admin', 'GET', '/me');
});

type Request = readonly [method: string, path: string, body?: object];
const START: Request = ['POST', '/executions', { workflow: 'known', input: {} }];
const REQUESTS: { readonly [route: string]: Request } = {
  'post /executions': START,
  'get /executions/{id}': ['GET', '/executions/none'],
  'get /approvals/{id}': ['GET', '/approvals/none'],
  'post /approvals/{id}/decision': ['POST', '/approvals/none/decision', { decision: 'approve' }],
};
const send = ([method, path, body]: Request, more?: { readonly [name: string]: string }): Promise<Called> =>
  api.call('admin', method, path, body, more);
const started = async (): Promise<number> =>
  (await client.query<{ n: number }>('select count(*)::int as n from weft.workflow_executions')).rows[0]?.n ?? 0;

/** How often a key was looked up. */
async function lookups(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(api.services.database, 'readAsEngine');
  await work();
  const count = spy.mock.calls.length;
  spy.mockRestore();
  return count;
}

it('the routes that confirm a known key are those below', () => {
  const confirming = routes.filter(({ spec }) => spec.confirmsKey).map(({ spec }) => `${spec.method} ${spec.path}`);
  expect(confirming.sort()).toEqual(Object.keys(REQUESTS).sort());
});

describe.each(Object.entries(REQUESTS))('%s', (_, request) => {
  it('confirms a known key by itself', async () => {
    expect(await lookups(() => send(request))).toBe(0);
    expect([202, 404]).toContain((await send(request)).status);
  });

  it.each([
    ['it is revoked', "update weft.api_keys set revoked_at = now() where user_id = 'admin'", 401],
    ['it has expired', "update weft.api_keys set expires_at = now() - interval '1 s' where user_id = 'admin'", 401],
    ['its user is deleted', "update weft.users set deleted_at = now() where id = 'admin'", 401],
    ['its user is switched off', "update weft.users set is_active = false where id = 'admin'", 401],
    ['it is cut down', "update weft.api_keys set scopes = '{profile:read}' where user_id = 'admin'", 403],
    ['its user has lost the role', "update weft.users set roles = '{}' where id = 'admin'", 403],
  ])('does nothing when %s', async (what, change, status) => {
    const before = await started();
    await client.query(change);
    expect((await send(request)).status, what).toBe(status);
    const key = { 'idempotency-key': `once-${what.replaceAll(' ', '-')}` };
    expect((await send(request, key)).status, what).toBe(status);
    expect(await started()).toBe(before);
  });

  it('lets a role that was given count at once', async () => {
    await client.query("update weft.users set roles = '{}' where id = 'admin'");
    expect((await send(request)).status).toBe(403);
    await client.query("update weft.users set roles = '{admin}' where id = 'admin'");
    expect([202, 404]).toContain((await send(request)).status);
  });
});

it('a request that is refused before it asks the database is answered to a good key alone', async () => {
  const bad: Request = ['POST', '/executions', { workflow: 7 }];
  expect((await send(bad)).status).toBe(400);
  await client.query("update weft.api_keys set revoked_at = now() where user_id = 'admin'");
  expect((await send(bad)).status).toBe(401);
});

it('what is answered without a look at the database is answered to a good key alone', async () => {
  expect((await send(['GET', '/silent'])).status).toBe(200);
  await client.query("update weft.api_keys set revoked_at = now() where user_id = 'admin'");
  expect((await send(['GET', '/silent'])).status).toBe(401);
});

it('a start makes one execution, known key or not', async () => {
  const before = await started();
  await send(START);
  await client.query("update weft.users set name = 'another' where id = 'admin'");
  expect((await send(START)).status).toBe(202);
  expect(await started()).toBe(before + 2);
});

it('an expiry that comes while the key is known counts', async () => {
  await client.query("update weft.api_keys set expires_at = now() + interval '700 ms' where user_id = 'admin'");
  for (let time = 0; time < 2; time++) expect((await send(START)).status).toBe(202);
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect((await send(START)).status).toBe(401);
});

it('strong consistency, for which Temporal is asked first, has the key looked up', async () => {
  const strong: Request = ['GET', '/executions/none?consistency=strong'];
  expect(await lookups(() => send(strong))).toBe(1);
});

it('before its migration keys are looked up', async () => {
  await client.query('alter function weft.confirmed_role(bytea, text) rename to later');
  try {
    expect((await send(START)).status).toBe(202);
    expect(await lookups(() => send(START))).toBe(1);
  } finally {
    await client.query('alter function weft.later(bytea, text) rename to confirmed_role');
  }
});
