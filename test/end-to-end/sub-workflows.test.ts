/** Children of executions: how they end is what their parents see, and how parents end is what becomes of them. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const child = (workflow: string, more = ''): string =>
  `tasks: [{ id: c, type: sub_workflow, workflow: ${workflow}, input: {}${more} }]`;
const CHILDREN = 100;

const DEFINITIONS: { readonly [name: string]: string } = {
  nap: 'tasks: [{ id: nap, type: wait, for: 1h }]',
  five: 'tasks: [{ id: a, type: set, vars: { x: 5 } }]\noutput: "{% $input.x ? $input.x : $vars.x %}"',
  broken: 'tasks: [{ id: no, type: fail, code: NO_LUCK, detail: none }]',
  second:
    'tasks: [{ id: no, type: fail, code: NO_LUCK, detail: none, if: "{% $not($contains($execution.id, \'~r.2\')) %}" }]\noutput: ok',
  'has-five': `${child('five')}\noutput: "{% $tasks.c.output %}"`,
  'has-broken': child('broken'),
  'has-second': `${child('second', ', retry: { maxAttempts: 3, initialInterval: 50ms }')}\noutput: "{% $tasks.c.output %}"`,
  'has-nap': child('nap'),
  'has-brief-nap': child('nap', ', timeout: 1s'),
  'has-abandoned': child('nap', ', onParentClose: abandon'),
  'has-doomed': child('nap', ', onParentClose: terminate'),
  'has-detached': child('nap', ', mode: detach'),
  deep: child('has-nap'),
  'timed-out': `timeout: 2s\n${child('has-nap')}`,
  many: `
tasks:
  - id: each
    type: foreach
    items: "{% [1..${CHILDREN}] %}"
    tasks: [{ id: c, type: sub_workflow, workflow: five, input: { x: "{% $item %}" } }]
output: "{% $sum($tasks.each.output) %}"`,
};

describe('sub_workflow', { timeout: 120_000 }, () => {
  let weft: TestWeft;
  let mirror: MirrorRows;
  let temporal: Client;

  beforeAll(async () => {
    const { address, namespace } = inject('weft').temporal;
    temporal = new Client({ connection: await Connection.connect({ address }), namespace });
    weft = await startWeft();
    mirror = readMirrorRows(weft.superuserUrl);
    for (const [name, yaml] of Object.entries(DEFINITIONS)) await weft.save(yaml, name);
  });
  afterAll(async () => {
    await temporal.connection.close();
    await mirror.close();
    await weft.stop();
  });

  async function start(workflow: string): Promise<string> {
    const id = `${workflow}-${randomUUID().slice(0, 8)}`;
    expect((await weft.developer('POST', '/executions', { workflow, id, input: {} })).status).toBe(202);
    return id;
  }
  const read = async (id: string): Promise<any> => (await weft.developer('GET', `/executions/${id}`)).body;
  const naps = (id: string): Promise<boolean> =>
    weft.until(`${id} naps`, async () => (await mirror.tasks(id))['/nap'] === 'waiting');
  async function ended(id: string): Promise<any> {
    const execution = await weft.until(
      `${id} has ended and is confirmed`,
      async () => {
        const now = await read(id);
        return now.confirmed === true && now;
      },
      60_000,
    );
    expect(await mirror.open(id)).toEqual([]);
    return execution;
  }
  /** As Temporal has it: with what it came of. */
  const failureOf = async (id: string): Promise<unknown> =>
    await temporal.workflow
      .getHandle(id)
      .result()
      .catch((error: unknown) => (error as { cause: { details: unknown[] } }).cause.details[0]);
  const end = (id: string, how: 'cancel' | 'terminate') =>
    weft.developer('POST', `/executions/${id}/${how}`, { reason: 'test' });

  it("a child's output is the task's, and the child knows its parent", async () => {
    const id = await start('has-five');
    expect(await ended(id)).toMatchObject({ status: 'success', output: 5 });
    const children = await mirror.query(
      'select id, status from weft.workflow_executions where parent_execution_id = $1',
      [id],
    );
    expect(children).toEqual([{ id: `${id}~c`, status: 'success' }]);
  });

  it('a parent that was reset hears of a child that had ended before', async () => {
    const id = await start('has-five');
    const first = await ended(id);
    const { events } = await temporal.workflow.getHandle(id).fetchHistory();
    const point = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
    // Time for it to be known that the parent was told.
    await weft.until('the child has told it', async () => {
      const [row] = await mirror.query(
        'select parent_told_at is not null as told from weft.workflow_executions where id = $1',
        [`${id}~c`],
      );
      return row?.['told'] === true;
    });
    const { runId } = await temporal.workflowService.resetWorkflowExecution({
      namespace: inject('weft').temporal.namespace,
      workflowExecution: { workflowId: id, runId: first.temporal.runId },
      requestId: randomUUID(),
      workflowTaskFinishEventId: point!,
    });
    await weft.until('the new run has ended', async () => (await read(id)).temporal.runId === runId);
    expect(await ended(id)).toMatchObject({ status: 'success', output: 5, temporal: { runId } });
  });

  it('a child that fails, and one that is tried again under another id', async () => {
    const failed = await start('has-broken');
    expect(await ended(failed)).toMatchObject({ status: 'failed', error: { code: 'CHILD_FAILED', task: '/c' } });
    expect(await failureOf(failed)).toMatchObject({ code: 'CHILD_FAILED', cause: { code: 'NO_LUCK' } });
    const id = await start('has-second');
    expect(await ended(id)).toMatchObject({ status: 'success', output: 'ok' });
    expect((await ended(`${id}~c`)).status).toBe('failed');
    expect((await ended(`${id}~c~r.2`)).status).toBe('success');
  });

  it.each(['terminate', 'cancel'] as const)('%s of a grandchild: everybody above fails of it', async (how) => {
    const id = await start('deep');
    await naps(`${id}~c~c`);
    const began = Date.now();
    await end(`${id}~c~c`, how);
    const code = how === 'cancel' ? 'CANCELLED' : 'TERMINATED';
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'CHILD_FAILED', task: '/c' } });
    expect(await failureOf(id)).toMatchObject({ cause: { code: 'CHILD_FAILED', cause: { code } } });
    console.log(`${how} of a grandchild: known above after ${Date.now() - began} ms`);
  });

  it.each<[string, string, (id: string) => Promise<unknown>]>([
    ['cancelled', 'deep', (id) => end(id, 'cancel')],
    ['terminated', 'deep', (id) => end(id, 'terminate')],
    ['terminated from outside', 'deep', (id) => temporal.workflow.getHandle(id).terminate('from outside')],
    ['timed out', 'timed-out', () => Promise.resolve()],
  ])('the parent is %s: so are its child and grandchild', async (_, workflow, act) => {
    const id = await start(workflow);
    await naps(`${id}~c~c`);
    const began = Date.now();
    await act(id);
    const { status } = await ended(id);
    expect(status).toBe(workflow === 'timed-out' ? 'timeout' : 'cancelled');
    expect((await ended(`${id}~c`)).status).toBe('cancelled');
    expect((await ended(`${id}~c~c`)).status).toBe('cancelled');
    console.log(`${_}: the family was over after ${Date.now() - began} ms`);
  });

  it('a timeout of the task cancels the child', async () => {
    const id = await start('has-brief-nap');
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'TIMEOUT', task: '/c' } });
    expect(await ended(`${id}~c`)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
  });

  it.each([
    ['has-abandoned', 'running'],
    ['has-doomed', 'cancelled'],
  ])('%s, cancelled: the child is %s', async (workflow, status) => {
    const id = await start(workflow);
    await naps(`${id}~c`);
    await end(id, 'cancel');
    expect((await ended(id)).status).toBe('cancelled');
    if (status !== 'running') expect(await ended(`${id}~c`)).toMatchObject({ status, error: { code: 'TERMINATED' } });
    expect((await read(`${id}~c`)).status).toBe(status);
    await end(`${id}~c`, 'terminate');
  });

  it('a detached child goes on when its parent has ended', async () => {
    const id = await start('has-detached');
    expect(await ended(id)).toMatchObject({ status: 'success' });
    await naps(`${id}~c`);
    expect((await read(`${id}~c`)).status).toBe('running');
    await end(`${id}~c`, 'terminate');
    expect((await ended(`${id}~c`)).status).toBe('cancelled');
  });

  it(`a foreach of ${CHILDREN} children`, async () => {
    const began = Date.now();
    const id = await start('many');
    expect(await ended(id)).toMatchObject({ status: 'success', output: (CHILDREN * (CHILDREN + 1)) / 2 });
    console.log(`${CHILDREN} children: ${Date.now() - began} ms`);
    const children = await mirror.query(
      'select status, count(*)::int as n from weft.workflow_executions where parent_execution_id = $1 group by 1',
      [id],
    );
    expect(children).toEqual([{ status: 'success', n: CHILDREN }]);
  });
});
