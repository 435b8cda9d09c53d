import type { Json, TaskHeader } from '../src/contract.ts';
import { LOCAL_GROUP } from '../src/messages.ts';
import type { Breath } from './breath.ts';
import { callTogether, MOST_BYTES, MOST_TOGETHER } from './call-together.ts';
import type { Host, LocalCall } from './host.ts';
import { TaskError } from './outcome.ts';

/** Of one scope, that go beside each other each by itself; where there are more they gather. */
const MOST_ALONE = 4;
/** Turns of the microtask queue without another call, after which all that begin at this moment are there. */
const CALM_TURNS = 10;
const GROUPS = 'local-groups';

/** A local activity of a task. */
export type LocalTaskCall = LocalCall & { readonly header: TaskHeader };

/**
 * Local activities of tasks: where many of a scope begin at the same moment they go in groups, each as one local activity. A
 * marker, an activation and two messages are paid once for all of them. What comes of each is the same: what didn't succeed
 * at once is called alone, for what its attempt comes to, or for the attempts after it.
 */
export type LocalCalls = {
  /**
   * @param bytes of the input
   * @throws TaskError, Cancelled
   */
  readonly call: (host: Host, call: LocalTaskCall, bytes: number) => Promise<Json>;
};

type Answer = { readonly value: Json } | undefined;
type Waiting = {
  readonly call: LocalTaskCall;
  /** With undefined where it has to be called alone. */
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
};
type Scope = { alone: number; gathers: boolean; arrived: number; isSending: boolean; waiting: Waiting[] };

export function createLocalCalls(root: Host, breath: Breath): LocalCalls {
  const scopes = new WeakMap<Host, Scope>();
  let hasGroups: boolean | undefined;

  function scopeOf(host: Host): Scope {
    let scope = scopes.get(host);
    if (!scope) {
      scope = { alone: 0, gathers: false, arrived: 0, isSending: false, waiting: [] };
      scopes.set(host, scope);
    }
    return scope;
  }

  /** Asked where it makes a difference only: the answer is kept in the history. */
  function gathers(scope: Scope): boolean {
    return (scope.gathers ||= scope.alone >= MOST_ALONE && (hasGroups ??= root.patched(GROUPS)));
  }

  async function callAlone(host: Host, scope: Scope, call: LocalTaskCall): Promise<Json> {
    scope.alone++;
    try {
      const value = await host.callLocal(call);
      breath.spendLocal(value);
      return value;
    } finally {
      scope.alone--;
    }
  }

  function gather(host: Host, scope: Scope, call: LocalTaskCall): Promise<Answer> {
    return new Promise((resolve, reject) => {
      scope.waiting.push({ call, resolve, reject });
      scope.arrived++;
      if (scope.waiting.length >= MOST_TOGETHER) void send(host, scope.waiting.splice(0));
      else if (!scope.isSending) void sendSoon(host, scope);
    });
  }

  async function sendSoon(host: Host, scope: Scope): Promise<void> {
    scope.isSending = true;
    for (let calm = 0, arrived = scope.arrived; calm < CALM_TURNS; calm++) {
      // Whoever waits until nothing moves waits for this, too.
      host.now();
      await Promise.resolve();
      if (scope.arrived !== arrived) calm = 0;
      arrived = scope.arrived;
    }
    scope.isSending = false;
    if (scope.waiting.length > 0) await send(host, scope.waiting.splice(0));
  }

  async function send(host: Host, waiting: readonly Waiting[]): Promise<void> {
    try {
      const calls = waiting.map(({ call }) => call);
      const answer = calls.length > 1 ? await callTogether(host, LOCAL_GROUP, calls) : {};
      for (const { call, resolve } of waiting) {
        const { path } = call.header.task;
        if (!(path in answer)) {
          resolve(undefined);
          continue;
        }
        const value = answer[path] ?? null;
        breath.spendInGroup(value);
        resolve({ value });
      }
    } catch (error) {
      for (const { resolve, reject } of waiting) {
        // That the group failed says nothing of its members.
        if (error instanceof TaskError) resolve(undefined);
        else reject(error);
      }
    }
  }

  return {
    call: async (host, call, bytes) => {
      const scope = scopeOf(host);
      const answer = bytes <= MOST_BYTES && gathers(scope) ? await gather(host, scope, call) : undefined;
      return answer ? answer.value : await callAlone(host, scope, call);
    },
  };
}
