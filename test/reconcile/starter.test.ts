import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endExecution } from '../../src/operations/end-execution.ts';
import { lockDue } from '../../src/store/pending-executions.ts';
import type { Stack } from './stack.ts';
import { createStack, developer, poll } from './stack.ts';

const SHORT = 'tasks:\n  - { id: a, type: set, vars: { x: "{% $input.x %}" } }\noutput: "{% $vars.x %}"\n';
const CHECKED = `input: { type: object, required: [x] }\n${SHORT}`;

/** How often Temporal has seen an execution. */
async function runsOf(stack: Stack, id: string): Promise<number> {
  let runs = 0;
  for await (const run of stack.outside.list({ query: `WorkflowId = '${id}'` })) if (run.runId) runs++;
  return runs;
}

describe('the starter', () => {
  /** Temporal is shared by all tests and keeps what ran before. */
  const own = randomUUID().slice(0, 8);
  let stack: Stack;
  const insert = (id: string, workflow: string, more = '') =>
    stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id,
        engine_version, input, trigger, triggered_by ${more === '' ? '' : ', created_at'})
      select 'default', '${id}', '${id}', w.id, coalesce(w.current_definition_id, d.id), 1, '{"x": 7}', 'sql', 'developer' ${more}
      from workflows w join workflow_definitions d on d.workflow_id = w.id where w.name = '${workflow}' limit 1`);

  beforeAll(async () => {
    stack = await createStack();
    await stack.save('short', SHORT);
    await stack.save('checked', CHECKED);
    stack.reconcile();
    // A second process does the same work.
    stack.reconcile();
    await stack.work();
  });
  afterAll(() => stack.close());

  it('Temporal away: starts are accepted, and run once when it is back', async () => {
    await stack.proxy.away();
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        stack.start('short', { id: `${own}-away-${index}`, input: { x: index } }),
      ),
    );
    expect((await stack.read(`${own}-away-0`)).status).toBe('pending');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await stack.proxy.back();
    for (const [index, id] of ids.entries()) {
      expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success', output: index });
      expect(await runsOf(stack, id)).toBe(1);
    }
  });

  it('starts what came in by SQL, and compiles its definition first', async () => {
    await stack.rows(`insert into workflow_definitions (tenant_id, workflow_id, version, number, state, body, content_hash, created_by)
      select 'default', id, 'sql', 99, 'draft', '{"tasks": [{"id": "a", "type": "set", "vars": {"x": 1}}], "output": "by sql"}', '\\x00', 'developer'
      from workflows where name = 'short'`);
    await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, trigger)
      select 'default', '${own}-by-sql', '${own}-by-sql', workflow_id, id, 1, 'sql' from workflow_definitions where version = 'sql'`);
    expect(await stack.until(`${own}-by-sql`, ({ status }) => status === 'success')).toMatchObject({
      output: 'by sql',
    });
  });

  it('ends what can not run: a broken definition, input that breaks the schema', async () => {
    await stack.rows(`insert into workflow_definitions (tenant_id, workflow_id, version, number, state, body, content_hash, created_by)
      select 'default', id, 'broken', 99, 'draft', '{"tasks": [{"id": "a", "type": "nonsense"}]}', '\\x00', 'developer'
      from workflows where name = 'checked'`);
    await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, trigger)
      select 'default', '${own}-broken', '${own}-broken', workflow_id, id, 1, 'sql' from workflow_definitions where version = 'broken'`);
    const broken = await stack.until(`${own}-broken`, ({ status }) => status !== 'pending');
    expect(broken).toMatchObject({ status: 'failed', errorCode: 'DEFINITION_INVALID', confirmed: true });
    await insert(`${own}-unfit`, 'checked');
    await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, trigger, input)
      select 'default', '${own}-misfit', '${own}-misfit', id, current_definition_id, 1, 'sql', '{}' from workflows where name = 'checked'`);
    const misfit = await stack.until(`${own}-misfit`, ({ status }) => status !== 'pending');
    expect(misfit).toMatchObject({ status: 'failed', errorCode: 'INPUT_INVALID', confirmed: true });
    await expect(stack.temporal.describe(`${own}-misfit`)).resolves.toBeUndefined();
    expect(await stack.until(`${own}-unfit`, ({ status }) => status === 'success')).toMatchObject({ output: 7 });
  });

  it('asks Temporal before it starts an old one', async () => {
    // It ran, its mirror was lost, and Temporal is asked rather than told.
    const yesterday = `, '${new Date(Date.now() - 86_400_000).toISOString()}'`;
    await insert(`${own}-old`, 'short', yesterday);
    await stack.until(`${own}-old`, ({ confirmed }) => confirmed);
    await stack.rows(`delete from workflow_executions where id = '${own}-old'`);
    await insert(`${own}-old`, 'short', yesterday);
    await stack.until(`${own}-old`, ({ runId }) => runId !== null);
    expect(await runsOf(stack, `${own}-old`)).toBe(1);
  });

  it('waits out a delay', async () => {
    const began = Date.now();
    const id = await stack.start('short', { input: { x: 1 }, delay: 1_500 });
    expect(await stack.read(id)).toMatchObject({ status: 'pending', runId: null });
    const { startedAt } = await stack.until(id, ({ status }) => status === 'success');
    expect((startedAt?.getTime() ?? 0) - began).toBeGreaterThan(1_400);
  });

  it('an id whose execution was deleted is not taken for the one that ran', async () => {
    const id = `${own}-deleted`;
    await insert(id, 'short');
    await stack.until(id, ({ confirmed }) => confirmed);
    await stack.rows(`delete from workflow_executions where id = '${id}'`);
    await insert(id, 'short');
    expect(await stack.until(id, ({ status }) => status !== 'pending')).toMatchObject({
      ...{ status: 'failed', confirmed: true, errorCode: 'CONFLICT' },
      errorDetail: expect.stringContaining('take another id'),
    });
  });

  it('never starts what was cancelled before', async () => {
    const id = await stack.start('short', { input: { x: 1 }, delay: 1_000 });
    await endExecution(stack, developer, { id, action: 'cancel', reason: 'not needed' });
    expect(await stack.read(id)).toMatchObject({
      status: 'cancelled',
      errorCode: 'CANCELLED',
      errorDetail: 'not needed',
      confirmed: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await stack.temporal.describe(id)).toBeUndefined();
    expect((await stack.read(id)).status).toBe('cancelled');
    await expect(endExecution(stack, developer, { id, action: 'cancel', reason: null })).rejects.toMatchObject({
      code: 'EXECUTION_ENDED',
    });
  });

  it('cancelled while Temporal is away: never started; terminated while it is away: passed on when it is back', async () => {
    await stack.save('sleepy', 'tasks:\n  - { id: nap, type: wait, for: 1h }\n');
    const running = await stack.start('sleepy');
    await stack.until(running, ({ status }) => status === 'running');
    await stack.proxy.away();
    const waiting = await stack.start('short', { input: { x: 1 } });
    await endExecution(stack, developer, { id: waiting, action: 'cancel', reason: null });
    expect(await stack.read(waiting)).toMatchObject({ status: 'cancelled', confirmed: false });
    await endExecution(stack, developer, { id: running, action: 'terminate', reason: 'enough' });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await stack.proxy.back();
    expect(await stack.until(running, ({ confirmed }) => confirmed)).toMatchObject({
      status: 'cancelled',
      errorCode: 'TERMINATED',
      errorDetail: 'enough',
    });
    await stack.until(waiting, ({ confirmed }) => confirmed);
    expect(await stack.temporal.describe(waiting)).toBeUndefined();
  });

  it('a start whose answer was lost, of one that was cancelled meanwhile, ends', async () => {
    const id = await stack.start('sleepy', { delay: 3_600_000 });
    await endExecution(stack, developer, { id, action: 'cancel', reason: null });
    const [row] = await stack.rows(
      `select d.plan from workflow_definitions d join workflows w on w.current_definition_id = d.id where w.name = 'sleepy'`,
    );
    const execution = {
      id,
      rootId: id,
      workflow: 'sleepy',
      version: '1',
      correlationId: null,
      createdAt: new Date().toISOString(),
    };
    await stack.temporal.start(
      {
        engineVersion: 1,
        tenant: 'default',
        execution,
        startedBy: 'x',
        plan: row?.['plan'] as never,
        input: {},
        localActivities: true,
      },
      { title: 'x' },
    );
    await poll(
      () => stack.temporal.describe(id),
      (run) => run?.status === 'TERMINATED',
    );
    expect(await stack.until(id, ({ runId, confirmed }) => runId !== null && confirmed)).toMatchObject({
      status: 'cancelled',
    });
  });

  it('one request under one key, however often and whenever, is one execution', async () => {
    const start = () => stack.start('short', { input: { x: 1 }, idempotencyKey: 'k-1' });
    const ids = await Promise.all([start(), start(), start()]);
    expect(new Set([...ids, await start()]).size).toBe(1);
    await expect(stack.start('short', { id: ids[0] })).rejects.toMatchObject({ code: 'CONFLICT' });
    const named = { id: `${own}-named`, input: { x: 1 }, idempotencyKey: 'k-2' };
    expect(await stack.start('short', named)).toBe(`${own}-named`);
    expect(await stack.start('short', named)).toBe(`${own}-named`);
    await expect(stack.start('short', { ...named, idempotencyKey: 'k-3' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await stack.rows(`select count(*)::int as n from audit_logs where resource_id = '${own}-named'`)).toEqual([
      { n: 1 },
    ]);
  });
});

describe('two starters', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack();
    await stack.save('short', SHORT);
  });
  afterAll(() => stack.close());

  it('never have one row at once', async () => {
    for (const x of [1, 2, 3]) await stack.start('short', { input: { x }, delay: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const taken = await stack.database.asEngine(async (first) => {
      const ours = await lockDue(first, 16, []);
      const theirs = await stack.database.asEngine((second) => lockDue(second, 16, []));
      return [ours.length, theirs.length];
    });
    expect(taken).toEqual([3, 0]);
  });
});
