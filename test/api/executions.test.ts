import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { timeOfId } from '../../src/ids.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import type { Writer } from '../../src/mirror/writer.ts';
import { parseServerEvents } from '../../src/cli/server-events.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';
import { openApproval } from './open-approval.ts';

const DEFINITION = {
  input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  tasks: [{ id: 'a', type: 'set', vars: { x: 1 } }],
};

let api: TestApp;
let writer: Writer;
beforeAll(async () => {
  api = await createTestApp();
  writer = createWriter(api.services.database);
  await api.call('developer', 'PUT', '/workflows/count', DEFINITION);
});
afterAll(async () => {
  await writer.close();
  await api.close();
});

// Nothing works on this queue: what is accepted stays as it is.
const start = (body: object, headers?: { readonly [name: string]: string }) =>
  api.call('developer', 'POST', '/executions', { workflow: 'count', input: { n: 1 }, ...body }, headers);
const get = (path: string) => api.call('viewer', 'GET', path);

const open = (id: string) => openApproval(writer, id);

describe('starting', () => {
  it('answers 202 with the execution and where it is', async () => {
    const { status, body, headers } = await start({ correlationId: 'c-1', tags: ['x'], priority: 3 });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/api/v1/executions/${body.id}`);
    expect(body).toMatchObject({
      ...{ workflow: 'count', version: '1', status: 'pending', input: { n: 1 }, output: null, error: null },
      ...{ correlationId: 'c-1', tags: ['x'], priority: 3, startedBy: 'developer', retryCount: 0, confirmed: false },
      ...{ progress: { total: 1, completed: 0 }, currentTasks: [], parent: null, redriveOf: null },
      temporal: { workflowId: body.id, runId: expect.any(String), url: null },
    });
    expect((await get(`/executions/${body.id}`)).body).toMatchObject({ id: body.id, input: { n: 1 } });
  });

  it.each<[string, object, number, object]>([
    ['no such workflow', { workflow: 'nope' }, 404, { code: 'NOT_FOUND' }],
    ['no such version', { version: '9' }, 404, { code: 'NOT_FOUND' }],
    [
      'input that breaks the schema',
      { input: { n: 'x' } },
      422,
      { code: 'INPUT_INVALID', errors: [{ pointer: '/n' }] },
    ],
    ['no input where some is needed', { input: undefined }, 422, { code: 'INPUT_INVALID' }],
    ['an id that can be none', { id: 'a:b' }, 400, { code: 'MALFORMED', errors: [{ pointer: '/id' }] }],
    ['a delay that is none', { delay: 'soon' }, 400, { code: 'MALFORMED', errors: [{ pointer: '/delay' }] }],
    ['an unknown field', { when: 'now' }, 400, { code: 'MALFORMED', errors: [{ pointer: '/when' }] }],
  ])('refuses %s, and writes nothing', async (_, sent, status, problem) => {
    const before = (await get('/executions?limit=500')).body.items.length;
    const answer = await start(sent);
    expect(answer).toMatchObject({ status, body: problem });
    expect((await get('/executions?limit=500')).body.items).toHaveLength(before);
  });

  it('an id is used once, but by the same request again', async () => {
    const id = `own-${Date.now()}`;
    const key = { 'idempotency-key': `k-${id}` };
    expect(await start({ id }, key)).toMatchObject({ status: 202, body: { id } });
    expect(await start({ id }, key)).toMatchObject({ status: 202, body: { id } });
    expect(await start({ id })).toMatchObject({ status: 409, body: { code: 'CONFLICT', id } });
    const audited = (await api.call('admin', 'GET', `/audit-logs?resourceId=${id}`)).body.items;
    expect(audited).toMatchObject([{ action: 'execute', changes: { after: { workflow: 'count', version: '1' } } }]);
  });

  it("is accepted when its id says, and Temporal's memo says it of an id of one's own alone", async () => {
    const { address, namespace } = inject('weft').temporal;
    const connection = await Connection.connect({ address });
    const { workflow } = new Client({ connection, namespace });
    const memoOf = async (id: string) => (await workflow.getHandle(id).describe()).memo?.['acceptedAt'];
    const [made, own] = [(await start({})).body, (await start({ id: `own-${randomUUID()}` })).body];
    expect(made.createdAt).toBe(timeOfId(made.id));
    expect(await memoOf(made.id)).toBeUndefined();
    expect(await memoOf(own.id)).toBe(own.createdAt);
    await connection.close();
    expect(await api.services.temporal.describe(made.id)).toMatchObject({ acceptedAt: made.createdAt });
    expect(await api.services.temporal.describe(own.id)).toMatchObject({ acceptedAt: own.createdAt });
  });

  it('answers what reading it answers', async () => {
    const sent = { correlationId: 'same', tags: ['a', 'b "c"'], priority: 3, delay: '1h', input: { n: 1 } };
    const { body } = await start(sent);
    expect(body).toMatchObject({ status: 'pending', startedBy: 'developer', version: '1', input: { n: 1 } });
    expect((await get(`/executions/${body.id}`)).body).toEqual(body);
  });
});

describe('reading', () => {
  it('lists newest first, page by page, as filtered', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await start({ correlationId: 'paged', tags: [`n${n}`] })).body.id as string);
    const first = (await get('/executions?correlationId=paged&limit=3')).body;
    const second = (await get(`/executions?correlationId=paged&limit=3&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).not.toHaveProperty('input');
    const count = async (query: string) =>
      (await get(`/executions?correlationId=paged&${query}`)).body.items.length as number;
    expect(await count('tag=n3')).toBe(1);
    expect(await count('status=success')).toBe(0);
    expect(await count('workflow=count&version=1')).toBe(5);
    expect(await count('workflow=other')).toBe(0);
    expect(await count(`createdAfter=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`)).toBe(0);
    expect((await get(`/executions?q=${ids[0]}`)).body.items).toHaveLength(1);
  });

  it('shows no other tenant anything', async () => {
    const { id } = (await start({})).body;
    const approval = await open(id);
    for (const path of ['', '/tasks', '/history', '/logs', '/attempts', '/diagram', '/stream', '?wait=1s']) {
      expect(await api.call('stranger', 'GET', `/executions/${id}${path}`)).toMatchObject({ status: 404 });
    }
    for (const command of ['cancel', 'terminate', 'pause', 'resume']) {
      expect(await api.call('stranger', 'POST', `/executions/${id}/${command}`)).toMatchObject({ status: 404 });
    }
    expect(await api.call('stranger', 'GET', `/approvals/${approval}`)).toMatchObject({ status: 404 });
    const decision = { decision: 'approve' };
    expect(await api.call('stranger', 'POST', `/approvals/${approval}/decision`, decision)).toMatchObject({
      status: 404,
    });
    expect((await api.call('stranger', 'GET', '/approvals')).body.items).toEqual([]);
  });

  it('shows tasks, history and diagram', async () => {
    const { id } = (await start({})).body;
    await open(id);
    expect((await get(`/executions/${id}/tasks?path=/ask`)).body.items).toMatchObject([
      { path: '/ask', taskId: 'ask', type: 'approval', status: 'waiting', attempt: 0, error: null, dependencies: [] },
    ]);
    const mirrored = { confirmed: false, mirroredAt: expect.any(String) };
    expect((await get(`/executions/${id}/tasks`)).body.items[0]).toMatchObject(mirrored);
    expect((await get(`/approvals/${id}~ask`)).body).toMatchObject(mirrored);
    const { items } = (await get(`/executions/${id}/history`)).body;
    expect(items[0]).toMatchObject({ mirroredAt: expect.any(String) });
    expect(items.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['task_approval_opened', 'task_waiting', 'workflow_started']),
    );
    expect((await get(`/executions/${id}/logs`)).body).toEqual({ items: [], nextCursor: null });
    expect((await get(`/executions/${id}/attempts`)).body).toEqual({ items: [], nextCursor: null });
    expect((await get(`/executions/${id}/diagram`)).body).toMatch(/^(flowchart|graph)/);
    expect(await get(`/executions/${id}`)).toMatchObject({ body: { status: 'running', currentTasks: ['/ask'] } });
    expect(await get(`/executions/${id}/tasks?cursor=x`)).toMatchObject({ status: 400 });
  });

  it('waits no longer than asked', async () => {
    const { id } = (await start({})).body;
    const began = Date.now();
    expect(await get(`/executions/${id}?wait=300ms`)).toMatchObject({ status: 200, body: { status: 'pending' } });
    expect(Date.now() - began).toBeGreaterThan(290);
    expect(await get(`/executions/${id}?wait=long`)).toMatchObject({ status: 400 });
  });

  it('streams a snapshot, and ends when the client goes', async () => {
    const { id } = (await start({})).body;
    const approval = await open(id);
    const response = await api.request(`/api/v1/executions/${id}/stream`, {
      headers: { authorization: `Bearer ${api.keys.viewer}` },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    for await (const { event, data } of parseServerEvents(response.body as unknown as AsyncIterable<Uint8Array>)) {
      expect(event).toBe('snapshot');
      expect(JSON.parse(data)).toMatchObject({
        execution: { id, status: 'running' },
        tasks: [{ path: '/ask' }],
        approvals: [{ id: approval, status: 'open' }],
      });
      break;
    }
  });
});

describe('commands', () => {
  it('cancel what waits for its time: it never starts', async () => {
    const { id } = (await start({ delay: '1h' })).body;
    const key = { 'idempotency-key': `cancel-${id}` };
    const cancel = () => api.call('operator', 'POST', `/executions/${id}/cancel`, { reason: 'not needed' }, key);
    const answer = await cancel();
    expect(answer).toMatchObject({
      status: 202,
      body: { status: 'cancelled', error: { code: 'CANCELLED', detail: 'not needed' } },
    });
    expect((await cancel()).status).toBe(202);
    expect(await api.call('operator', 'POST', `/executions/${id}/terminate`)).toMatchObject({
      status: 409,
      body: { code: 'EXECUTION_ENDED' },
    });
    const audited = (await api.call('admin', 'GET', `/audit-logs?resourceId=${id}`)).body.items;
    expect(audited.map(({ action }: { action: string }) => action)).toEqual(['cancel', 'execute']);
  });

  it('pause needs a worker, and an execution that has started', async () => {
    const later = (await start({ delay: '1h' })).body;
    expect(await api.call('operator', 'POST', `/executions/${later.id}/pause`)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    expect(await api.call('operator', 'POST', '/executions/nobody/pause')).toMatchObject({ status: 404 });
  });
});
