import type { Runner } from '../runner.ts';

/** A group. */
export const sequential: Runner<'sequential'> = async ({ task, frame, runList }) =>
  (await runList(task.tasks, frame)).output;
