import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { TaskError } from '../outcome.ts';
import type { Broken } from '../rethrow.ts';
import { brokenOf, keepBroken } from '../rethrow.ts';
import { runWindow } from '../run-window.ts';
import { branchFrame } from '../scope.ts';

type State = Broken & {
  /** Of the branches that succeeded, in the order they did. */
  outputs?: { [name: string]: Json };
  /** Branches whose failure is put up with, as enough others may succeed. */
  failed?: string[];
};

/**
 * Branches side by side, each with its own copy of the variables; the output is `{name: output}` in the order written.
 * With `join` the others are cancelled as soon as enough have succeeded.
 */
export const parallel: Runner<'parallel'> = async (context) => {
  const { run, task, path, frame, runList } = context;
  const state = context.state as State;
  const outputs = (state.outputs ??= {});
  const failed = (state.failed ??= []);
  const branches = Object.entries(task.branches);
  const needed = task.join ?? branches.length;
  const isDecided = (): boolean => Object.keys(outputs).length >= needed;
  const placeOf = (index: number): string => `${path}/${branches[index]?.[0] ?? ''}`;
  const left = {
    isThrough: (index: number) => {
      const name = branches[index]?.[0] ?? '';
      return Object.hasOwn(outputs, name) || failed.includes(name);
    },
    isOpen: (index: number) => run.settled.hasInside(placeOf(index)),
    isOver: isDecided(),
    error: brokenOf(state),
  };

  await runWindow(frame.host, { count: branches.length, width: task.maxConcurrency, left }, async (index, scope) => {
    const [name = '', tasks = []] = branches[index] ?? [];
    const place = placeOf(index);
    try {
      const { output } = await runList(tasks, branchFrame(frame, { host: scope, path: place }));
      // The last moment of one that has lost: it was cancelled too late to notice.
      if (isDecided()) return;
      outputs[name] = output;
      run.settled.forget(place);
      if (isDecided()) scope.cancel();
    } catch (error) {
      // Whatever a loser throws while it ends.
      if (isDecided() && task.join !== undefined) return;
      if (error instanceof TaskError && !isBroken(state) && branches.length - failed.length > needed) {
        failed.push(name);
        run.settled.forget(place);
        return;
      }
      keepBroken(state, error);
      throw error;
    }
  });
  return Object.fromEntries(
    branches.flatMap(([name]) => (Object.hasOwn(outputs, name) ? [[name, outputs[name] ?? null]] : [])),
  );
};

function isBroken({ broken }: Broken): boolean {
  return broken !== undefined;
}
