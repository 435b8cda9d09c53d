import type { Json } from '../../src/contract.ts';
import type { Runner } from '../runner.ts';
import { TaskError } from '../outcome.ts';
import { runWindow } from '../run-window.ts';
import { branchFrame, resolveIn } from '../scope.ts';

/** Items a `foreach` may have: what an expression for `items` may give. */
const MAX_ITEMS = 100_000;

/** Its tasks once for every item, in a sliding window; results stand in the order of the items. */
export const foreach: Runner<'foreach'> = async ({ run, task, path, frame, runList, showInput }) => {
  const items = resolveIn(run, frame, task.items, { sequenceLimit: MAX_ITEMS });
  if (!Array.isArray(items)) throw new TaskError('EXPRESSION_ERROR', `'items' must be a list, it is ${nameOf(items)}`);
  if (items.length > MAX_ITEMS)
    throw new TaskError('EXPRESSION_LIMIT', `${items.length} items are over the limit of ${MAX_ITEMS}`);
  showInput({ count: items.length });
  const list = items as readonly Json[];
  const collected: Json[] = task.collect === 'all' ? new Array<Json>(list.length).fill(null) : [];
  let last: Json = null;

  await runWindow(frame.host, list.length, task.maxConcurrency, async (index, host) => {
    const item = list[index] ?? null;
    const place = `${path}[${index}]`;
    const settled = run.settled.get(place);
    const output = settled ? settled.output : await iterate(index, item, place, host);
    if (task.collect === 'all') collected[index] = output;
    if (index === list.length - 1) last = output;
  });

  async function iterate(index: number, item: Json, place: string, host: typeof frame.host): Promise<Json> {
    const locals = { ...frame.locals, item, index, ...(task.as === undefined ? {} : { [task.as]: item }) };
    const iteration = branchFrame(frame, { host, path: place, locals, itemIndex: index, inLoop: true });
    const { output } = await runList(task.tasks, iteration);
    run.settled.put(place, { status: 'success', output: task.keep && task.collect !== 'none' ? output : null });
    return output;
  }

  if (task.collect === 'all') return collected;
  return task.collect === 'last' ? last : null;
};

function nameOf(value: Json): string {
  return value === null ? 'nothing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
