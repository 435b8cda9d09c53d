import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { isTrue } from '../is-true.ts';
import { evaluateIn } from '../scope.ts';

/** Once asked, it stays: random or the time may be in it. */
type State = { value?: { readonly is: Json } };

/** Two ways; the output is that of the list taken, and the mirror shows which it was. */
export const condition: Runner<'condition'> = async (context) => {
  const { run, task, frame, runList, showInput, chooseWay } = context;
  const state = context.state as State;
  state.value ??= { is: evaluateIn(run, frame, task.condition) };
  const value = state.value.is;
  const taken = isTrue(value) ? 'then' : 'else';
  showInput({ value, taken });
  chooseWay(taken);
  return (await runList(task[taken], frame)).output;
};
