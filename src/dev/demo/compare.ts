import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../contract.ts';
import type { ActivityInHistory, TemporalHistory } from './read-history.ts';
import type { MirrorRows, TaskRow } from './read-rows.ts';

/** Where the mirror and Temporal differ, in words; nothing when they agree. */
export function compare(rows: MirrorRows, history: TemporalHistory): readonly string[] {
  const differences: string[] = [];
  const expectEqual = (what: string, mirror: unknown, temporal: unknown) => {
    if (isDeepStrictEqual(mirror, temporal)) return;
    differences.push(`${what}: the mirror says ${JSON.stringify(mirror)}, Temporal ${JSON.stringify(temporal)}`);
  };
  expectEqual('status', rows.execution.status, history.status);
  expectEqual('output', rows.execution.output, history.output);
  const called = rows.tasks.filter((task) => task.executor !== null && task.status !== 'skipped');
  const byPath = new Map(history.activities.map((activity) => [activity.path, activity]));
  const paths = (things: readonly { readonly path: string }[]) => things.map(({ path }) => path).sort();
  expectEqual('called tasks', paths(called), paths(history.activities));
  for (const task of called) {
    const activity = byPath.get(task.path);
    if (activity !== undefined) compareTask(task, activity, expectEqual);
  }
  const votes = rows.votes.map(({ voter_id: user, decision }) => ({ user, decision }));
  expectEqual('decisions', votes, history.decisions);
  return differences;
}

function compareTask(
  task: TaskRow,
  activity: ActivityInHistory,
  expectEqual: (what: string, mirror: unknown, temporal: unknown) => void,
): void {
  expectEqual(`executor of ${task.path}`, task.executor, activity.type);
  expectEqual(`status of ${task.path}`, task.status, activity.status);
  expectEqual(`attempts of ${task.path}`, task.attempt, activity.attempt);
  // A task's `output` may keep a part of what its executor answered.
  if (!holds(activity.result, task.result)) expectEqual(`result of ${task.path}`, task.result, activity.result);
}

function holds(whole: Json, part: Json): boolean {
  if (isDeepStrictEqual(whole, part)) return true;
  return typeof whole === 'object' && whole !== null && Object.values(whole).some((value) => holds(value, part));
}
