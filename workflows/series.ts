import type { Json, TaskIdentity } from '../src/contract.ts';
import type { LocalSeries } from '../src/messages.ts';
import { LOCAL_SERIES } from '../src/messages.ts';
import type { PlanTask, TaskList, TaskOf } from '../src/plan/plan.ts';
import { isCalledLocally, localCallOf } from './call-executor.ts';
import { callTogether, MOST_BYTES, MOST_TOGETHER } from './call-together.ts';
import type { Host } from './host.ts';
import { identify } from './identify.ts';
import type { LocalTaskCall } from './local-calls.ts';
import { TaskError } from './outcome.ts';
import { passGates } from './pass-gates.ts';
import { checkPayload } from './payload.ts';
import type { Run } from './run-state.ts';
import { isExecutorTask } from './runner.ts';
import type { Frame } from './scope.ts';
import { resolveIn } from './scope.ts';

/** A task whose first attempt has begun before its turn came. */
export type BegunEarly = {
  readonly identity: TaskIdentity;
  readonly input: Json;
  /** ms */
  readonly startedAt: number;
  /** What it gave, and when (ms); undefined: a call tells. */
  readonly success: { readonly at: number; readonly result: Json } | undefined;
};

/** Iterations whose tasks go in series. */
export type Series = {
  /** Where the turn of one comes that hasn't begun: begins it, with some that come after it. @throws Cancelled */
  readonly reach: (index: number, host: Host) => Promise<void>;
  readonly hasBegun: (index: number) => boolean;
  /** One is through. */
  readonly leave: (index: number) => void;
};

/** Iterations one after the other. */
type InOrder = {
  readonly tasks: TaskList;
  readonly count: number;
  readonly placeOf: (index: number) => string;
  readonly frameOf: (index: number, host: Host) => Frame;
};

/** Of a task: how many its next series has, and how many iterations begin by themselves before it. */
export type Pace = { size: number; alone: number };

/** What goes in a series and what doesn't, all below, is kept by histories: a change needs another name. */
const IN_SERIES = 'local-series';
/** The first series has so many; as long as all of them are quick, each has twice as many as the one before. */
const FEW = 10;
/** Begin by themselves where only one of a series was quick, or none, or where there was none to be made. */
const ALONE = 16;
/** What would show that an expression is evaluated before its turn. */
const TIME_OR_CHANCE = /\$(now|millis|random|shuffle)\b/;

/**
 * Where each iteration is one local task whose input doesn't depend on those before it: the tasks of several go to the
 * worker at once, which calls each when the one before it has succeeded. A marker, an activation and two messages are paid
 * once for all of them. What comes of each is the same, and each has its turn: by then it has begun. Undefined for others.
 */
export function createSeries(run: Run, host: Host, of: InOrder): Series | undefined {
  const [task] = of.tasks;
  if (task === undefined || of.tasks.length > 1 || of.count < 3 || !mayBeginEarly(run, task)) return undefined;
  return host.patched(IN_SERIES) ? seriesOf(run, task, of) : undefined;
}

function seriesOf(run: Run, task: TaskOf<'executor'>, { count, placeOf, frameOf }: InOrder): Series {
  const pace = paceOf(run, task);
  const pathOf = (index: number): string => `${placeOf(index)}/${task.id}`;
  const hasBegun = (index: number): boolean => run.begunEarly.has(pathOf(index));
  /** Whether one has begun or ended in a run before this one, or in an execution before. */
  const isKnown = (index: number): boolean =>
    run.settled.get(placeOf(index)) !== undefined || run.settled.hasInside(placeOf(index));

  async function begin(index: number, inside: Host): Promise<void> {
    const calls = callsFrom(index, inside);
    if (calls.length < 2) {
      if (index + 1 < count) pace.alone = ALONE;
      return;
    }
    run.turnover.enter();
    try {
      const answer = await callTogether(inside, LOCAL_SERIES, calls);
      adapt(pace, calls.length, keep(calls, answer));
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      adapt(pace, calls.length, 0);
    } finally {
      run.turnover.leave();
    }
  }

  function callsFrom(index: number, inside: Host): readonly LocalTaskCall[] {
    const calls: LocalTaskCall[] = [];
    const startedAt = inside.now();
    for (let next = index; next < count && calls.length < pace.size && !run.breath.isDue(); next++) {
      const call = isKnown(next) ? undefined : callOf(run, task, frameOf(next, inside), startedAt);
      if (call === undefined) break;
      calls.push(call);
    }
    return calls;
  }

  /** How many have succeeded. */
  function keep(calls: readonly LocalTaskCall[], answer: LocalSeries['answer']): number {
    let succeeded = 0;
    for (const { header, input } of calls) {
      const { task: identity, startedAt } = header;
      const told = answer[identity.path];
      if (!told) break;
      const success = told.to === undefined ? undefined : { at: startedAt + told.to, result: told.result };
      const early = { identity, input: input as Json, startedAt: startedAt + told.from, success };
      run.begunEarly.set(identity.path, early);
      if (!success) break;
      succeeded++;
      run.breath.spendInGroup(success.result);
    }
    return succeeded;
  }

  return {
    reach: async (index, inside) => {
      if (hasBegun(index) || isKnown(index)) return;
      if (pace.alone > 0) {
        pace.alone--;
        return;
      }
      do await passGates(run, inside);
      while (run.breath.isDue());
      await begin(index, inside);
    },
    hasBegun,
    leave: (index) => void run.begunEarly.delete(pathOf(index)),
  };
}

/** Kept for as long as the run lasts: a `foreach` inside another one comes again and again. */
function paceOf(run: Run, task: PlanTask): Pace {
  const pace = run.paces.get(task) ?? { size: FEW, alone: 0 };
  run.paces.set(task, pace);
  return pace;
}

function adapt(pace: Pace, asked: number, succeeded: number): void {
  pace.size = succeeded === asked ? Math.min(Math.max(pace.size, 2 * asked), MOST_TOGETHER) : Math.max(succeeded, 2);
  if (succeeded < 2) pace.alone = ALONE;
}

/** Nothing but its call can fail after it was begun, and nothing tells that it was begun early. */
function mayBeginEarly(run: Run, task: PlanTask): task is TaskOf<'executor'> {
  return (
    isExecutorTask(task) &&
    isCalledLocally(run, task, task.local) &&
    task.taskQueue === undefined &&
    [task.if, task.gates, task.output, task.compensate, task.next, task.totalTimeout].every((x) => x === undefined) &&
    !TIME_OR_CHANCE.test(JSON.stringify([task.with, task.title ?? null]))
  );
}

/** Undefined for one that is to begin when its turn comes: it is large, or what is wrong with it shows then. */
function callOf(run: Run, task: TaskOf<'executor'>, frame: Frame, startedAt: number): LocalTaskCall | undefined {
  try {
    const input = resolveIn(run, frame, task.with);
    if (checkPayload(input, 'The input') > MOST_BYTES) return undefined;
    const identity = identify(run, task, `${frame.path}/${task.id}`, frame);
    return localCallOf(run, task, { input, identity, startedAt, isLocal: true });
  } catch (error) {
    if (error instanceof TaskError) return undefined;
    throw error;
  }
}
