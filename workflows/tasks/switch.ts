import type { Runner } from '../runner.ts';
import { isTrue } from '../is-true.ts';
import { evaluateIn } from '../scope.ts';

type State = { taken?: number };

/** The first case that is true, else `default`; the output is that of the list taken. */
export const switchTask: Runner<'switch'> = async (context) => {
  const { run, task, frame, runList, showInput, chooseWay } = context;
  const state = context.state as State;
  state.taken ??= task.cases.findIndex(({ when }) => isTrue(evaluateIn(run, frame, when)));
  const chosen = task.cases[state.taken];
  const taken = chosen ? `case${state.taken}` : 'default';
  showInput({ taken });
  chooseWay(taken);
  return (await runList(chosen?.tasks ?? task.default, frame)).output;
};
