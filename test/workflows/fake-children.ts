import type { Json } from '../../src/contract.ts';
import type { EngineCalls, Signals } from '../../src/messages.ts';
import { END_CHILD, START_CHILD } from '../../src/messages.ts';
import { childIdOf } from '../../src/ids.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a child execution does: how long it takes (ms) and how it ends; undefined: it runs until it is ended. */
export type FakeChild = (
  input: Json,
  attempt: number,
  /** Of the parent's task. */
  path: string,
) => { readonly after: number; readonly end: Pick<Signals['childEnded'], 'status' | 'output' | 'error'> } | undefined;

/** Child executions as their parent sees them; how each of them ends is told twice. */
export function createFakeChildren(
  children: { readonly [workflow: string]: FakeChild },
  time: VirtualTime,
  tell: (end: Signals['childEnded']) => void,
): { readonly [name: string]: (input: never) => unknown } {
  const running = new Map<string, () => void>();

  function end(executionId: string, how: Omit<Signals['childEnded'], 'executionId'>): void {
    running.get(executionId)?.();
    if (!running.delete(executionId)) return;
    tell({ executionId, ...how });
    tell({ executionId, ...how });
  }

  function start(input: EngineCalls[typeof START_CHILD]['input']): { readonly executionId: string } {
    const id = childIdOf(input.executionId, input.path, input.attempt);
    const done = children[input.workflow]?.(input.input, input.attempt, input.path);
    running.set(id, done ? time.at(time.now() + done.after, () => end(id, done.end)) : () => undefined);
    return { executionId: id };
  }

  function stop({ executionId, reason }: EngineCalls[typeof END_CHILD]['input']): null {
    time.at(time.now() + 1, () => {
      end(executionId, { status: 'cancelled', error: { code: 'CANCELLED', detail: reason } });
    });
    return null;
  }

  return { [START_CHILD]: start, [END_CHILD]: stop };
}
