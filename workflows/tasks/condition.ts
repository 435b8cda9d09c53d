import type { Runner } from '../runner.ts';
import { isTrue } from '../is-true.ts';
import { evaluateIn } from '../scope.ts';

/** Two ways; the output is that of the list taken, and the mirror shows which it was. */
export const condition: Runner<'condition'> = async ({ run, task, frame, runList, showInput, chooseWay }) => {
  const value = evaluateIn(run, frame, task.condition);
  const taken = isTrue(value) ? 'then' : 'else';
  showInput({ value, taken });
  chooseWay(taken);
  return (await runList(task[taken], frame)).output;
};
