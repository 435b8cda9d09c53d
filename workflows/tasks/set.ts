import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { resolveIn, setVariables } from '../scope.ts';

/** Sets variables, all from the values before it; its result is what it set. */
export const set: Runner<'set'> = ({ run, task, frame }) => {
  const values = resolveIn(run, frame, task.vars) as { readonly [name: string]: Json };
  setVariables(frame, values);
  return values;
};
