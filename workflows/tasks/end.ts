import type { Runner } from '../runner.ts';
import { Ended } from '../outcome.ts';
import { resolveIn } from '../scope.ts';

/** Ends the whole execution successfully, early. */
export const end: Runner<'end'> = ({ run, task, frame }) => {
  throw new Ended(task.result === undefined ? null : resolveIn(run, frame, task.result));
};
