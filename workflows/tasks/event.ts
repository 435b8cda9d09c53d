import type { Json } from '../../src/contract.ts';
import type { EventInfo } from '../../src/messages.ts';
import { CLOSE_EVENT_WAIT, OPEN_EVENT_WAIT } from '../../src/messages.ts';
import type { Template } from '../../src/plan/plan.ts';
import type { Runner, TaskContext } from '../runner.ts';
import { callEngine } from '../engine-call.ts';
import { isTrue } from '../is-true.ts';
import { TaskError } from '../outcome.ts';
import { parked } from '../park.ts';
import { checkPayload } from '../payload.ts';
import type { Run } from '../run-state.ts';
import type { Frame } from '../scope.ts';
import { evaluateIn, resolveIn } from '../scope.ts';

type State = {
  key?: string | null;
  /** Events come at least once: ids of those it has seen last. */
  seen?: string[];
  taken?: EventInfo[];
  isOpen?: boolean;
};

/** One that comes again comes soon. */
const MOST_SEEN = 2_000;

/** Waits for events, also those that came before it; what it didn't take is left for later waits. */
export const event: Runner<'event'> = async (context) => {
  const { run, task, path, frame, startedAt, showInput } = context;
  const state = context.state as State;
  const key = (state.key ??= keyOf(run, frame, task.key));
  const taken = (state.taken ??= []);
  const seen = (state.seen ??= []);
  const known = new Set([...seen, ...taken.map(({ id }) => id)]);
  const about = { tenant: run.input.tenant, executionId: run.input.execution.id, path };
  const until = task.totalTimeout === undefined ? null : new Date(startedAt + task.totalTimeout).toISOString();
  showInput({ name: task.name, key, count: task.count });
  let wake = (): void => undefined;
  const enough = new Promise<void>((resolve) => (wake = resolve));

  function offer(one: EventInfo): void {
    if (taken.length >= task.count || known.has(one.id)) return;
    known.add(one.id);
    seen.push(one.id);
    if (seen.length > MOST_SEEN) seen.shift();
    if (!fits(context, one)) return;
    taken.push(one);
    if (taken.length >= task.count) wake();
  }

  // Heard first: one may be on its way before the wait's registration is answered.
  const stop = run.events.listen(path, offer);
  try {
    if (state.isOpen !== true) {
      const { name, count, where = null } = task;
      const wait = { ...about, name, key, where, count, expiresAt: until };
      // Not cut off: what is registered is closed below.
      const { events } = await callEngine(frame.host.shield(), OPEN_EVENT_WAIT, path, wait);
      state.isOpen = true;
      for (const one of events) offer(one);
    }
    const waitingFor = { kind: 'event', name: task.name, key, since: new Date(startedAt).toISOString(), until };
    if (taken.length < task.count)
      await parked(context, waitingFor, Number.POSITIVE_INFINITY, () => Promise.race([enough, frame.host.cancelled]));
    checkPayload(taken, 'What came');
    await close(taken.map(({ id }) => id));
  } catch (error) {
    if (state.isOpen === true) await close([]);
    throw error;
  } finally {
    stop();
  }
  const data = taken.map((one) => one.data);
  return task.count > 1 ? data : (data[0] ?? null);

  async function close(ids: readonly string[]): Promise<void> {
    await callEngine(frame.host.shield(), CLOSE_EVENT_WAIT, path, { ...about, taken: ids });
  }
};

/** One whose `where` can't be told is not the one that is waited for. */
function fits({ run, task, frame }: TaskContext<'event'>, one: EventInfo): boolean {
  if (task.where === undefined) return true;
  try {
    return isTrue(evaluateIn(run, frame, task.where, { more: { event: one } }));
  } catch (error) {
    if (error instanceof TaskError) return false;
    throw error;
  }
}

/** What tells events of one name apart. @throws TaskError EXPRESSION_ERROR */
export function keyOf(run: Run, frame: Frame, template: Template | undefined): string | null {
  if (template === undefined) return null;
  const key: Json = resolveIn(run, frame, template);
  if (typeof key === 'string' || typeof key === 'number') return String(key);
  throw new TaskError('EXPRESSION_ERROR', `'key' must be a text, it is ${JSON.stringify(key).slice(0, 100)}`);
}
