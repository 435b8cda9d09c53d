import type { HandOver, Json, Transition, Updates } from '../../src/contract.ts';
import { HAND_OVER } from '../../src/contract.ts';
import type { Signals } from '../../src/messages.ts';
import { BREATHE } from '../../src/messages.ts';
import type { Call, LocalCall, Receiver, Scope } from '../../workflows/host.ts';
import { Cancelled, TaskError } from '../../workflows/outcome.ts';
import { createFakeChildren } from './fake-children.ts';
import { createFakeEvents } from './fake-events.ts';
import { createFakeGroups } from './fake-groups.ts';
import type { ScopeState } from './fake-scope.ts';
import { createScopeState } from './fake-scope.ts';
import type { FakeOptions, FakeWorld, FakeExecutor, MadeCall } from './fake-world.ts';
import { createVirtualTime } from './virtual-time.ts';

/** The interpreter's world without a server: virtual time, executors as functions, scopes, retries and timeouts as Temporal's. */
export function createFakeWorld(
  executors: { readonly [name: string]: FakeExecutor } = {},
  {
    start = Date.UTC(2026, 0, 1),
    children = {},
    isLong = () => false,
    isReplay = false,
    isPatched = true,
  }: FakeOptions = {},
): FakeWorld {
  const time = createVirtualTime(start);
  const timers = new Set<() => void>();
  const hearers = new Map<string, (signal: never) => void>();
  const unheard: { readonly name: string; readonly signal: unknown }[] = [];
  const told: { readonly executionId: string; readonly name: string; readonly signal: unknown }[] = [];
  let pending = 0;
  const live: Transition[] = [];
  const facts: Transition[] = [];
  const handedOver = { kept: [] as number[], ahead: [] as number[] };
  const calls: MadeCall[] = [];
  const receivers = new Map<string, Receiver<keyof Updates>>();
  const inFlight = new Set<string>();
  let seed = 1;
  let updates = 0;

  function createScope(parent: ScopeState | undefined, cancellable: boolean): Scope {
    const state = createScopeState(parent, cancellable);
    return hostOf(state);
  }

  function sleepIn(state: ScopeState, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (state.isCancelled()) {
        reject(new Cancelled());
        return;
      }
      const takeBack = time.at(time.now() + ms, () => {
        timers.delete(takeBack);
        resolve();
      });
      timers.add(takeBack);
      state.onCancel(() => {
        takeBack();
        timers.delete(takeBack);
        reject(new Cancelled());
      });
    });
  }

  async function attemptOnce(call: LocalCall, local: boolean, attempt: number, state: ScopeState): Promise<Json> {
    const path = call.header?.task.path ?? '';
    calls.push({ name: call.name, path, local, attempt });
    const run = executors[call.name];
    if (!run) throw new TaskError('EXECUTOR_UNKNOWN', `no executor '${call.name}'`);
    const inner = createScopeState(state, true);
    const key = call.header?.idempotencyKey ?? '';
    const context = { input: call.input as Json, attempt, path, key, sleep: (ms: number) => sleepIn(inner, ms) };
    const timeUp = sleepIn(inner, call.timeout).then(() => {
      throw new TaskError('TIMEOUT', 'An attempt took too long');
    });
    timeUp.catch(() => undefined);
    try {
      return await Promise.race([Promise.resolve().then(() => run(context)), timeUp]);
    } finally {
      inner.cancel();
    }
  }

  async function callWithRetries(call: LocalCall, local: boolean, state: ScopeState): Promise<Json> {
    if (state.isCancelled()) throw new Cancelled();
    if (call.name === HAND_OVER) {
      takeHandOver(call.input as HandOver, 'kept');
      return null;
    }
    const engine = engineCalls[call.name];
    if (engine) return JSON.parse(JSON.stringify(await engine(call.input as never))) as Json;
    const group = groups.run(call, (member) => attemptOnce(member, true, 1, state));
    if (group) return JSON.parse(JSON.stringify(await group)) as Json;
    let interval = call.retry.initialInterval;
    for (let attempt = 1; ; attempt++) {
      try {
        const begun = attempt === 1 ? groups.take(call) : undefined;
        return JSON.parse(JSON.stringify(await (begun ?? attemptOnce(call, local, attempt, state)))) as Json;
      } catch (error) {
        if (state.isCancelled()) throw new Cancelled();
        if (!(error instanceof TaskError)) throw error;
        const last = call.retry.maxAttempts > 0 && attempt >= call.retry.maxAttempts;
        if (last || call.retry.nonRetryable.includes(error.code)) {
          throw new TaskError(error.code, error.message, { attempt });
        }
        await sleepIn(state, interval);
        interval = Math.min(interval * call.retry.backoffCoefficient, call.retry.maximumInterval);
      }
    }
  }

  /** As the real one: what it takes is JSON. */
  function takeHandOver({ transitions }: Pick<HandOver, 'transitions'>, as: keyof typeof handedOver): void {
    handedOver[as].push(transitions.length);
    facts.push(...(JSON.parse(JSON.stringify(transitions)) as Transition[]));
    facts.sort((one, other) => one.ord - other.ord);
  }

  async function callNormal(call: Call, state: ScopeState): Promise<Json> {
    if (inFlight.has(call.id))
      throw new Error(`activity id ${call.id} is in flight: Temporal would fail the workflow task for ever`);
    inFlight.add(call.id);
    try {
      return await counted(callWithRetries(call, false, state));
    } finally {
      inFlight.delete(call.id);
    }
  }

  async function counted<T>(work: Promise<T>): Promise<T> {
    pending++;
    try {
      return await work;
    } finally {
      pending--;
    }
  }

  function signal<Name extends keyof Signals>(name: Name, value: Signals[Name]): void {
    const hear = hearers.get(name);
    const copy: unknown = JSON.parse(JSON.stringify(value));
    if (hear) hear(copy as never);
    else unheard.push({ name, signal: copy });
  }

  const groups = createFakeGroups(time.now, (ms) => sleepIn(root, ms));
  const events = createFakeEvents(time, (deliveries) => signal('events', { deliveries }));
  const engineCalls: { readonly [name: string]: (input: never) => unknown } = {
    ...events.calls,
    // Takes 1 ms, so that they can be counted.
    [BREATHE]: async () => {
      await sleepIn(root, 1);
      return null;
    },
    ...createFakeChildren(children, time, (end) => signal('childEnded', end)),
  };

  function hostOf(state: ScopeState): Scope {
    return {
      now: time.now,
      patched: () => isPatched,
      random: () => (seed = (seed * 16807) % 2147483647) / 2147483647,
      cancelled: state.cancelled,
      isCancelled: state.isCancelled,
      sleep: (ms) => sleepIn(state, ms),
      call: (call) => callNormal(call, state),
      callLocal: (call) => counted(callWithRetries(call, true, state)),
      scope: () => createScope(state, true),
      shield: () => createScope(state, false),
      cancel: state.cancel,
      report: (transition) => live.push(JSON.parse(JSON.stringify(transition)) as Transition),
      handOver: (handOver) => takeHandOver(handOver, 'kept'),
      handOverAhead: (transitions) => {
        if (!isReplay) takeHandOver({ transitions }, 'ahead');
        return !isReplay;
      },
      describe: () => undefined,
      receive: (name, receiver) => void receivers.set(name, receiver as unknown as Receiver<keyof Updates>),
      hear: (name, handle) => {
        hearers.set(name, handle);
        for (const early of unheard.splice(0)) {
          if (early.name === name) handle(early.signal as never);
          else unheard.push(early);
        }
      },
      tell: (executionId, name, value) => {
        told.push({ executionId, name, signal: value });
        return Promise.resolve();
      },
      startShard: () => Promise.reject(new Error('shards need a server')),
      cancelShard: () => Promise.resolve(),
      history: () => ({ events: 10, bytes: 1_000, isLong: isLong() }),
    };
  }

  let root = createScopeState(undefined, true);
  return {
    host: hostOf(root),
    time,
    live,
    facts,
    handedOver,
    calls,
    groups: groups.sizes,
    series: groups.inSeries,
    events,
    told,
    nextRun: () => {
      if (pending > 0) throw new Error(`${pending} calls are under way: the next run would not hear of them`);
      for (const takeBack of timers) takeBack();
      timers.clear();
      receivers.clear();
      hearers.clear();
      root = createScopeState(undefined, true);
      return hostOf(root);
    },
    cancel: () => {
      root.cancel();
    },
    send: (name, request, id = `update${++updates}`) => {
      const receiver = receivers.get(name);
      if (!receiver) throw new Error(`nobody answers ${name}`);
      receiver.validate(request, id);
      return receiver.handle(request, id);
    },
  };
}
