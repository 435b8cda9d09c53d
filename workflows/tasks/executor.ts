import type { Runner } from '../runner.ts';
import { callExecutor } from '../call-executor.ts';
import { resolveIn } from '../scope.ts';

/** Calls an activity: local where the Plan says it is safe, normal otherwise. */
export const executor: Runner<'executor'> = async ({ run, task, identity, startedAt, frame, showInput }) => {
  const input = resolveIn(run, frame, task.with);
  showInput(input);
  return await callExecutor(run, frame.host, task, { input, identity, startedAt, isLocal: task.local });
};
