import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmExecution } from '../../src/reconcile/confirm.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import { createSecondLook } from '../../src/reconcile/second-look.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import type { Stack } from './stack.ts';
import { createStack, poll } from './stack.ts';

const DEFINITION = `
tasks:
  - { id: double, type: executor, executor: transform, with: { value: 2 } }
  - { id: nap, type: wait, for: 1h }
`;

let stack: Stack;
beforeAll(async () => {
  stack = await createStack();
  await stack.work();
  await stack.save('nap', DEFINITION);
});
afterAll(() => stack.close());

it('what comes in after an end is closed, also when the process that saw the end is gone', async () => {
  const id = await stack.start('nap');
  await stack.until(id, ({ currentTasks }) => currentTasks.includes('/nap'));
  await stack.outside.getHandle(id).terminate('by hand');
  const [replayer, writer] = [createReplayer(stack.log), createWriter(stack.database)];
  // It is killed before it looks again.
  const parts = { ...stack, replayer, writer, lookAgain: () => undefined };
  await poll(
    () => confirmExecution(parts, { tenant: 'default', id }),
    (confirmation) => confirmation === 'confirmed',
  );
  await Promise.all([writer.close(), replayer.close()]);
  await stack.rows(`update task_executions set attempt = 2 where execution_id = '${id}' and path = '/double'`);
  await stack.rows(
    `insert into task_executions (tenant_id, execution_id, path, task_id, type, executor, status, authority, ord)
       values ('default', '${id}', '/late', 'late', 'executor', 'transform', 'running', 0, 1)`,
  );
  const next = createSecondLook(stack.database);
  await next.inherit();
  await poll(
    async () => {
      await next.run();
      return stack.rows(
        `select path, attempt, status from task_attempts where execution_id = '${id}' order by path, attempt`,
      );
    },
    (rows) => rows.length === 2,
  );
  expect(
    await stack.rows(`select path, status, error_code, error_detail from task_executions
      where execution_id = '${id}' and path = '/late'`),
  ).toEqual([{ path: '/late', status: 'cancelled', error_code: 'TERMINATED', error_detail: 'by hand' }]);
});

it('an end that was told and agreed is nothing to look at again', async () => {
  await stack.save('short', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
  const id = await stack.start('short');
  await stack.until(id, ({ authority, endedAt }) => authority === 1 && endedAt !== null);
  stack.reconcile();
  await stack.until(id, ({ confirmed }) => confirmed);
  expect(await stack.rows(`select closed, folded from mirror_cursors where execution_id = '${id}'`)).toEqual([
    { closed: true, folded: null },
  ]);
});
