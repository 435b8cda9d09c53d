import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKey } from '../../src/store/keys.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
  await api.call('developer', 'PUT', '/workflows/count', { tasks: [{ id: 'a', type: 'set', vars: { x: 1 } }] });
});
afterAll(() => api.close());

// Nothing works on this queue: an execution ends when it is cancelled.
const start = (id: string, wait: string, headers?: { readonly [name: string]: string }) =>
  api.call('developer', 'POST', `/executions?wait=${wait}`, { workflow: 'count', id, delay: '1h' }, headers);
const cancel = (id: string) => api.call('developer', 'POST', `/executions/${id}/cancel`);
const isAccepted = (id: string) =>
  vi.waitFor(async () => expect((await api.call('viewer', 'GET', `/executions/${id}`)).status).toBe(200));

describe('starting and waiting for the end in one request', () => {
  it('answers 200 with the end', async () => {
    const answered = start('ends', '30s');
    await isAccepted('ends');
    await cancel('ends');
    const { status, body, headers } = await answered;
    expect({ status, body }).toMatchObject({ status: 200, body: { id: 'ends', status: 'cancelled' } });
    expect(headers.get('location')).toBe('/api/v1/executions/ends');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    // Confirmed is said once Temporal was asked.
    const read = (await api.call('viewer', 'GET', '/executions/ends')).body;
    expect(read).toEqual({ ...body, confirmed: true, mirroredAt: read.mirroredAt });
  });

  it('answers 202 with what there is when the time is up', async () => {
    const began = Date.now();
    expect(await start('waits', '300ms')).toMatchObject({ status: 202, body: { id: 'waits', status: 'pending' } });
    expect(Date.now() - began).toBeGreaterThan(290);
  });

  it('a copy under the same idempotency key waits for the same end', async () => {
    const key = { 'idempotency-key': 'start-and-wait' };
    const first = start('copied', '30s', key);
    await isAccepted('copied');
    expect(await start('copied', '30s', { 'idempotency-key': 'another' })).toMatchObject({ status: 409 });
    const copy = start('copied', '30s', key);
    await cancel('copied');
    const ends = { status: 200, body: { id: 'copied', status: 'cancelled' } };
    expect(await Promise.all([first, copy])).toMatchObject([ends, ends]);
    const late = await start('copied', '30s', key);
    expect(late).toMatchObject(ends);
    expect(late.headers.get('idempotency-replayed')).toBe('true');
  });

  it('answers that it is accepted where its end cannot be read', async () => {
    const { database } = api.services;
    const read = vi.spyOn(database, 'readAsApp');
    const answered = start('unread', '30s');
    await isAccepted('unread');
    read.mockRejectedValueOnce(new Error('the database is away'));
    await cancel('unread');
    expect(await answered).toMatchObject({ status: 202, body: { id: 'unread', status: 'pending' } });
    read.mockRestore();
  });

  it('refuses what can only start, and starts nothing', async () => {
    const { database } = api.services;
    const key = await database.asApp({ tenant: 'default', userId: 'system' }, (session) =>
      createKey(session, { userId: 'developer', name: 'starts alone', scopes: ['execution:start'] }),
    );
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ workflow: 'count', id: 'unseen', delay: '1h' });
    const answer = await api.request('/api/v1/executions?wait=1s', { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'FORBIDDEN' }]);
    expect(await api.call('viewer', 'GET', '/executions/unseen')).toMatchObject({ status: 404 });
    expect(await start('never', 'long')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/query/wait' }] } });
  });
});
