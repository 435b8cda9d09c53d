import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWriter } from '../../src/mirror/writer.ts';
import type { Writer } from '../../src/mirror/writer.ts';
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

describe('approvals', () => {
  it('are found by who may decide, and by what they are of', async () => {
    const { id } = (await start({})).body;
    const approval = await open(id);
    const has = async (caller: 'approver' | 'admin' | 'operator', query: string) => {
      const { items } = (await api.call(caller, 'GET', `/approvals?execution=${id}&${query}`)).body;
      return items.length === 1;
    };
    expect(await has('approver', 'assignee=me&status=open')).toBe(true);
    // By a group, which a role is.
    expect(await has('admin', 'assignee=me')).toBe(true);
    expect(await has('operator', 'assignee=me')).toBe(false);
    expect(await has('operator', 'assignee=approver')).toBe(true);
    expect(await has('operator', 'status=approved')).toBe(false);
    expect(
      await has('operator', `dueBefore=${encodeURIComponent(new Date(Date.now() + 7_200_000).toISOString())}`),
    ).toBe(true);
    expect(await has('operator', `dueBefore=${encodeURIComponent(new Date().toISOString())}`)).toBe(false);
    expect((await get(`/approvals/${approval}`)).body).toMatchObject({
      ...{ id: approval, execution: id, task: '/ask', title: 'May I', status: 'open', quorum: 1, votes: [] },
      ...{
        assignees: ['approver'],
        candidateGroups: ['admin'],
        startedBy: 'developer',
        claimedBy: null,
        decidedAt: null,
      },
    });
    expect(await get('/approvals/nobody')).toMatchObject({ status: 404 });
  });

  it("refuse data that doesn't fit the form before anybody is asked", async () => {
    const { id } = (await start({})).body;
    const approval = await open(id);
    const decide = (body: object) => api.call('approver', 'POST', `/approvals/${approval}/decision`, body);
    expect(await decide({ decision: 'approve' })).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } });
    expect(await decide({ decision: 'reject', data: 1 })).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID' },
    });
    expect(await decide({ decision: 'maybe' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/decision' }] },
    });
    expect(
      await api.call('developer', 'POST', `/approvals/${approval}/decision`, { decision: 'approve' }),
    ).toMatchObject({ status: 403 });
  });
});
