import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stack } from './stack.ts';
import { createStack, poll } from './stack.ts';

/** Temporal is shared by all tests and keeps what ran before. */
const own = randomUUID().slice(0, 8);
const NAP = 'tasks:\n  - { id: nap, type: wait, for: 10m }\n';
let stack: Stack;

const order = (id: string, action: string, created: string) =>
  stack.rows(`insert into commands (tenant_id, id, execution_id, action, arguments, requested_by, created_at)
    values ('default', '${id}-${action}', '${id}', '${action}', '{"channel": "sql", "reason": null}', 'developer', ${created})`);
const outcomeOf = async (id: string) =>
  (await stack.rows(`select done_at is not null as done, error from commands where id = '${id}'`))[0];

beforeAll(async () => {
  stack = await createStack();
  await stack.save('nap', NAP);
  stack.reconcile();
});
afterAll(() => stack.close());

it('an order that nobody takes holds up no other, and is passed on once somebody does', async () => {
  const [stuck, other] = [`${own}-stuck`, `${own}-other`];
  for (const id of [stuck, other]) {
    await stack.start('nap', { id });
    await poll(
      () => stack.rows(`select temporal_run_id from workflow_executions where id = '${id}'`),
      ([row]) => row?.['temporal_run_id'] !== null,
    );
  }
  // There is no worker yet: a pause waits for its answer.
  await order(stuck, 'pause', 'now()');
  await order(other, 'cancel', `now() + interval '1 ms'`);
  expect(
    await poll(
      () => outcomeOf(`${other}-cancel`),
      (row) => row?.['done'] === true,
      30_000,
    ),
  ).toMatchObject({ error: null });
  expect(await outcomeOf(`${stuck}-pause`)).toMatchObject({ done: false });
  await stack.work();
  expect(
    await poll(
      () => outcomeOf(`${stuck}-pause`),
      (row) => row?.['done'] === true,
      50_000,
    ),
  ).toMatchObject({ error: null });
  await stack.outside.getHandle(stuck).terminate();
}, 120_000);

it('whatever a definition or an input that came in by SQL is, it ends its execution and no other', async () => {
  const deep = (open: string, close: string) => open.repeat(3_000) + close.repeat(3_000);
  const bodies = [
    '"text"',
    '5',
    'null',
    'true',
    '[]',
    '{}',
    deep('[', ']'),
    `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
    '{"nodes": 5, "edges": {}}',
    '{"steps": {"a": null}}',
    '{"tasks": [null, 1, [], {"id": {"a": 1}}]}',
    JSON.stringify({ tasks: [], description: 'x'.repeat(1_000_000) }),
  ];
  for (const [index, body] of bodies.entries()) {
    const dialect = body.startsWith('{"nodes"') ? 'graph' : body.startsWith('{"steps"') ? 'steps' : 'native';
    const input = index % 2 ? '"x"' : deep('[', ']');
    await stack.rows(`insert into workflow_definitions
        (tenant_id, id, workflow_id, version, number, state, dialect, body, content_hash, created_by)
      select 'default', 'odd-${index}', id, 'odd-${index}', ${100 + index}, 'published', '${dialect}', '${body}', '\\x00', 'developer'
      from workflows where name = 'nap'`);
    await stack.rows(`insert into workflow_executions
        (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, trigger, input, context, metadata)
      select 'default', '${own}-odd-${index}', '${own}-odd-${index}', workflow_id, id, 0, 'sql', '${input}', '[1]', '"m"'
      from workflow_definitions where id = 'odd-${index}'`);
  }
  await stack.start('nap', { id: `${own}-after` });
  await stack.until(`${own}-after`, ({ status }) => status === 'running');
  for (const [index, body] of bodies.entries()) {
    const execution = await stack.until(`${own}-odd-${index}`, ({ status }) => status !== 'pending');
    expect(execution, body.slice(0, 40)).toMatchObject({ status: 'failed', errorCode: 'DEFINITION_INVALID' });
  }
  await stack.outside.getHandle(`${own}-after`).terminate();
}, 120_000);
