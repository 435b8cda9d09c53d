import { setTimeout as sleep } from 'node:timers/promises';
import { runInputIn } from '../../src/reconcile/activities-in.ts';
import { until } from '../stack/until.ts';
import type { Scene } from './fault.ts';
import type { Accepted } from './load.ts';
import type { Program } from './programs.ts';

/**
 * Executions that Temporal gives so long and no longer: somebody starts them in the API's stead, whose own start, while it
 * has no way to Temporal, was accepted and comes too late.
 * @param timeout of the run, as Temporal writes it; pauseMs between two
 */
export async function startTimed(
  { lab, load }: Pick<Scene, 'lab' | 'load'>,
  program: Program,
  {
    count,
    timeout,
    pauseMs = 0,
  }: { readonly count: number; readonly timeout: '2s' | '50s'; readonly pauseMs?: number },
): Promise<readonly Accepted[]> {
  const model = [...load.accepted.values()].find((one) => one.program === program) ?? (await load.startOne(program));
  const history = await until('there is an execution to copy', () =>
    lab.temporal.workflow
      .getHandle(model.id)
      .fetchHistory()
      .catch(() => undefined),
  );
  const input = runInputIn(history);
  if (!input) throw new Error(`${program.name} has no input`);
  const all: Accepted[] = [];
  await lab.api.temporal.away();
  try {
    for (let left = count; left > 0; left--) {
      const one = await load.startOne(program);
      one.touches.add('timed out');
      all.push(one);
      const { rows } = await lab.database.query(
        'select created_at, input from weft.workflow_executions where id = $1',
        [one.id],
      );
      const createdAt = (rows[0].created_at as Date).toISOString();
      const execution = { ...input.execution, id: one.id, rootId: one.id, createdAt };
      await lab.temporal.workflow.start(program.name, {
        workflowId: one.id,
        taskQueue: lab.taskQueue,
        args: [{ ...input, execution, input: rows[0].input }],
        workflowRunTimeout: timeout,
        memo: { title: program.name, acceptedAt: createdAt },
      });
      await sleep(pauseMs);
    }
  } finally {
    await lab.api.temporal.back();
  }
  return all;
}
