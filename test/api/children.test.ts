import { afterAll, beforeAll, expect, it } from 'vitest';
import { childIdOf } from '../../src/ids.ts';
import { startChild } from '../../src/operations/start-child.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { confirmExecution } from '../../src/reconcile/confirm.ts';
import { settleFamilies } from '../../src/reconcile/families.ts';
import type { TestApp } from './app.ts';
import { createTestApp } from './app.ts';

const NAP = { tasks: [{ id: 'nap', type: 'wait', for: '1h' }] };
let api: TestApp;

beforeAll(async () => {
  api = await createTestApp();
  await api.call('developer', 'PUT', '/workflows/nap', NAP);
});
afterAll(() => api.close());

const get = (path: string) => api.call('viewer', 'GET', path);

async function family(): Promise<{ readonly parent: string; readonly children: readonly string[] }> {
  const { body } = await api.call('developer', 'POST', '/executions', { workflow: 'nap' });
  const parent = String(body.id);
  const children: string[] = [];
  for (const path of ['/one', '/two']) {
    const { executionId } = await startChild(
      { ...api.services, localActivities: true },
      {
        ...{ tenant: 'default', executionId: parent, path, attempt: 1, workflow: 'nap', version: null, input: {} },
        ...{ mode: 'wait', onParentClose: 'terminate', startedBy: 'system', correlationId: null },
      },
    );
    children.push(executionId);
  }
  return { parent, children };
}

it('a child names its parent and the task, and the parent lists its children', async () => {
  const { parent, children } = await family();
  expect(children).toEqual([childIdOf(parent, '/one', 1), childIdOf(parent, '/two', 1)]);
  expect((await get(`/executions/${children[0]}`)).body).toMatchObject({ parent, parentTask: '/one' });
  expect((await get(`/executions/${parent}`)).body).toMatchObject({ parent: null, parentTask: null });
  const { items } = (await get(`/executions?parent=${parent}`)).body;
  expect(items.map(({ id }: { id: string }) => id)).toEqual(children.toReversed());
  expect((await get(`/executions?parent=${children[0]}`)).body.items).toEqual([]);
  const refused = await api.call('developer', 'POST', '/executions', { workflow: 'nap', id: children[0] });
  expect(refused).toMatchObject({ status: 400, body: { code: 'MALFORMED' } });
});

it('a child is ended by itself, or with its terminated parent', async () => {
  const { parent, children } = await family();
  const [one = '', two = ''] = children;
  expect((await api.call('operator', 'POST', `/executions/${one}/terminate`, { reason: 'by hand' })).status).toBe(202);
  expect(await api.services.temporal.describe(one)).toMatchObject({ status: 'TERMINATED' });
  expect((await api.call('operator', 'POST', `/executions/${parent}/terminate`)).status).toBe(202);
  const writer = createWriter(api.services.database);
  const replayer = { replay: () => Promise.resolve([]), close: () => Promise.resolve() };
  const parts = { ...api.services, writer, replayer, lookAgain: () => undefined };
  await confirmExecution(parts, { tenant: 'default', id: parent });
  await settleFamilies(api.services);
  const commands = await api.services.database.asEngine((session) =>
    session.selectFrom('commands').select(['execution_id', 'action']).where('requested_by', '=', 'system').execute(),
  );
  // The other one is terminated at Temporal; the mirror has not been told yet.
  expect(commands.toSorted((a, b) => a.execution_id.localeCompare(b.execution_id))).toEqual([
    { execution_id: one, action: 'terminate' },
    { execution_id: two, action: 'terminate' },
  ]);
  await writer.close();
});
