import type { Runner } from '../runner.ts';
import { TaskError } from '../outcome.ts';
import { resolveIn } from '../scope.ts';

/** Ends with a named error. */
export const fail: Runner<'fail'> = ({ run, task, frame }) => {
  const detail = resolveIn(run, frame, task.detail);
  throw new TaskError(task.code, typeof detail === 'string' ? detail : JSON.stringify(detail));
};
