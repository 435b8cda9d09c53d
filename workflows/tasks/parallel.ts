import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { runWindow } from '../run-window.ts';
import { branchFrame } from '../scope.ts';

/** Branches side by side, each with its own copy of the variables; the output is `{name: output}` in the order written. */
export const parallel: Runner<'parallel'> = async ({ task, path, frame, runList }) => {
  const branches = Object.entries(task.branches);
  const outputs: { [name: string]: Json } = Object.fromEntries(branches.map(([name]) => [name, null]));
  await runWindow(frame.host, branches.length, task.maxConcurrency, async (index, host) => {
    const branch = branches[index];
    if (!branch) return;
    const [name, tasks] = branch;
    outputs[name] = (await runList(tasks, branchFrame(frame, { host, path: `${path}/${name}` }))).output;
  });
  return outputs;
};
