import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { isTrue } from '../is-true.ts';
import { TaskError } from '../outcome.ts';
import { evaluateIn, setVariables } from '../scope.ts';

type State = {
  /** Of the iteration that runs, or would be next. */
  index?: number;
  hasBegun?: boolean;
  /** Output of the last iteration that ended. */
  last?: Json;
  /** Set by the iterations that ended. */
  vars?: { readonly [name: string]: Json };
};

/** Its tasks again and again, `while` or `until`; variables are shared, the output is that of the last iteration. */
export const loop: Runner<'loop'> = async (context) => {
  const { run, task, path, frame, runList } = context;
  const state = context.state as State;
  setVariables(frame, state.vars ?? {});
  for (let index = state.index ?? 0; ; index++) {
    state.index = index;
    const last = state.last ?? null;
    const hasBegun = state.hasBegun === true;
    if (!hasBegun && task.while !== undefined && !(await holds(task.while, index, last))) return last;
    if (index >= task.maxIterations)
      throw new TaskError('LOOP_LIMIT', `It is not over after ${task.maxIterations} iterations`);
    state.hasBegun = true;
    const place = `${path}[${index}]`;
    const locals = { ...frame.locals, index };
    const { output } = await runList(task.tasks, { ...frame, path: place, locals, itemIndex: index, inLoop: true });
    state.last = output;
    state.hasBegun = false;
    state.vars = { ...frame.changes };
    state.index = index + 1;
    run.settled.forget(place);
    if (task.until !== undefined && (await holds(task.until, index, output))) return output;
  }

  async function holds(expression: string, index: number, result: Json): Promise<boolean> {
    while (run.breath.isDue()) await run.breath.rest(frame.host);
    return isTrue(evaluateIn(run, frame, expression, { more: { index, result } }));
  }
};
