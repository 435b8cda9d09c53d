import type { Runner } from '../runner.ts';
import { callExecutor } from '../call-executor.ts';
import { resolveIn } from '../scope.ts';

/** Calls an activity: local where the Plan says it is safe, normal otherwise. */
export const executor: Runner<'executor'> = async ({ run, task, path, identity, startedAt, frame, showInput }) => {
  const early = run.begunEarly.get(path);
  const input = early ? early.input : resolveIn(run, frame, task.with);
  showInput(input);
  if (early?.success) return early.success.result;
  return await callExecutor(run, frame.host, task, { input, identity, startedAt, isLocal: task.local });
};
