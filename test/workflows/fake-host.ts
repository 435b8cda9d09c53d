import type { HandOver, Json, Transition, Updates } from '../../src/contract.ts';
import { HAND_OVER } from '../../src/contract.ts';
import type { Call, Host, LocalCall, Receiver, Scope } from '../../workflows/host.ts';
import { Cancelled, TaskError } from '../../workflows/outcome.ts';
import type { VirtualTime } from './virtual-time.ts';
import { createVirtualTime } from './virtual-time.ts';

export type FakeExecutor = (context: {
  readonly input: Json;
  readonly attempt: number;
  readonly path: string;
  readonly key: string;
  /** ms of virtual time; rejects when the call is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
}) => Promise<Json> | Json;

export type MadeCall = {
  readonly name: string;
  readonly path: string;
  readonly local: boolean;
  readonly attempt: number;
};

export type FakeWorld = {
  readonly host: Host;
  readonly time: VirtualTime;
  /** All transitions shown live, in order. */
  readonly live: readonly Transition[];
  /** All transitions handed over as facts, in order. */
  readonly facts: readonly Transition[];
  readonly calls: readonly MadeCall[];
  readonly cancel: () => void;
  /** Sends an update as Temporal does: the validator first. @throws TaskError when refused */
  readonly send: <Name extends keyof Updates>(name: Name, request: Updates[Name]['request']) => Updates[Name]['answer'];
};

/** The interpreter's world without a server: virtual time, executors as functions, scopes, retries and timeouts as Temporal's. */
export function createFakeWorld(
  executors: { readonly [name: string]: FakeExecutor } = {},
  start = Date.UTC(2026, 0, 1),
): FakeWorld {
  const time = createVirtualTime(start);
  const live: Transition[] = [];
  const facts: Transition[] = [];
  const calls: MadeCall[] = [];
  const receivers = new Map<string, Receiver<keyof Updates>>();
  const inFlight = new Set<string>();
  let seed = 1;

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
      const takeBack = time.at(time.now() + ms, resolve);
      state.onCancel(() => {
        takeBack();
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
      // As the real one: its input is JSON.
      facts.push(...(JSON.parse(JSON.stringify(call.input)) as HandOver).transitions);
      return null;
    }
    let interval = call.retry.initialInterval;
    for (let attempt = 1; ; attempt++) {
      try {
        return JSON.parse(JSON.stringify(await attemptOnce(call, local, attempt, state))) as Json;
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

  async function callNormal(call: Call, state: ScopeState): Promise<Json> {
    if (inFlight.has(call.id))
      throw new Error(`activity id ${call.id} is in flight: Temporal would fail the workflow task for ever`);
    inFlight.add(call.id);
    try {
      return await callWithRetries(call, false, state);
    } finally {
      inFlight.delete(call.id);
    }
  }

  function hostOf(state: ScopeState): Scope {
    return {
      now: time.now,
      random: () => (seed = (seed * 16807) % 2147483647) / 2147483647,
      cancelled: state.cancelled,
      sleep: (ms) => sleepIn(state, ms),
      call: (call) => callNormal(call, state),
      callLocal: (call) => callWithRetries(call, true, state),
      scope: () => createScope(state, true),
      shield: () => createScope(state, false),
      cancel: state.cancel,
      report: (transition) => live.push(JSON.parse(JSON.stringify(transition)) as Transition),
      describe: () => undefined,
      receive: (name, receiver) => void receivers.set(name, receiver as unknown as Receiver<keyof Updates>),
    };
  }

  const root = createScopeState(undefined, true);
  return {
    host: hostOf(root),
    time,
    live,
    facts,
    calls,
    cancel: root.cancel,
    send: (name, request) => {
      const receiver = receivers.get(name);
      if (!receiver) throw new Error(`nobody answers ${name}`);
      receiver.validate(request);
      return receiver.handle(request);
    },
  };
}

type ScopeState = ReturnType<typeof createScopeState>;

/** A node of the tree of cancellation scopes; a shielded one does not hear its parent. */
function createScopeState(
  parent: { onCancel: (listener: () => void) => void; isCancelled: () => boolean } | undefined,
  cancellable: boolean,
) {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  let reject: (error: Cancelled) => void;
  const cancelled = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  cancelled.catch(() => undefined);
  function cancel(): void {
    if (isCancelled || !cancellable) return;
    isCancelled = true;
    reject(new Cancelled());
    for (const listener of listeners) listener();
  }
  const state = {
    cancelled,
    cancel,
    isCancelled: () => isCancelled,
    onCancel: (listener: () => void): void => void listeners.add(listener),
  };
  if (parent && cancellable) {
    if (parent.isCancelled()) cancel();
    else parent.onCancel(cancel);
  }
  return state;
}
