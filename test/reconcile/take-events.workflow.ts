import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Json } from '../../src/contract.ts';
import type { EngineCalls, EventInfo, Signals } from '../../src/messages.ts';

export type Wait = {
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  /** Takes those whose data is such a number alone. */
  readonly only?: 'even' | 'odd';
  readonly count: number;
};

export type Takes = {
  readonly tenant: string;
  readonly executionId: string;
  /** Lanes run side by side, the waits of one after the other. */
  readonly lanes: readonly (readonly Wait[])[];
  /** Goes on as a new run after so many waits of its one lane, or in the midst of one when its history is long. */
  readonly renewEvery?: number;
  readonly took?: Took;
  /** What the first wait took in the run before, which opened it; null: it is still to be opened. */
  readonly taken?: readonly EventInfo[] | null;
};

/** What each wait took, by path. */
export type Took = { readonly [path: string]: readonly EventInfo[] };

type Calls = {
  [Name in keyof EngineCalls]: (input: EngineCalls[Name]['input']) => Promise<EngineCalls[Name]['answer']>;
};

const calls = proxyActivities<Calls>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '100ms', maximumInterval: '1s' },
});
const events = defineSignal<[Signals['events']]>('events');

/** Waits for events as the interpreter does, without anything else of it. */
export async function takeEvents(takes: Takes): Promise<Took> {
  const { tenant, executionId, lanes, renewEvery } = takes;
  const open = new Map<string, (event: EventInfo) => void>();
  const took: { [path: string]: readonly EventInfo[] } = { ...takes.took };

  async function take({ path, name, key, only, count }: Wait, before: readonly EventInfo[] | null): Promise<boolean> {
    const taken: EventInfo[] = [...(before ?? [])];
    const seen = new Set(taken.map(({ id }) => id));
    const offer = (event: EventInfo) => {
      const fits = only === undefined || numberIn(event.data) % 2 === (only === 'even' ? 0 : 1);
      if (taken.length < count && fits && !seen.has(event.id)) taken.push({ ...event, data: numberIn(event.data) });
      seen.add(event.id);
    };
    open.set(path, offer);
    const where = only === undefined ? null : `{% $event.data is ${only} %}`;
    const about = { tenant, executionId, path };
    if (before === null) {
      const early = await calls['weft.openEventWait']({ ...about, name, key, where, count, expiresAt: null });
      for (const event of early.events) offer(event);
    }
    const isLong = () => renewEvery !== undefined && workflowInfo().continueAsNewSuggested;
    await condition(() => taken.length === count || isLong());
    took[path] = taken;
    if (taken.length < count) return false;
    open.delete(path);
    await calls['weft.closeEventWait']({ ...about, taken: taken.map(({ id }) => id) });
    return true;
  }

  async function runLane(waits: readonly Wait[]): Promise<void> {
    for (const [index, wait] of waits.entries()) {
      const isDone = await take(wait, index === 0 ? (takes.taken ?? null) : null);
      const rest = { ...takes, lanes: [waits.slice(isDone ? index + 1 : index)], took };
      if (!isDone) await continueAsNew<typeof takeEvents>({ ...rest, taken: took[wait.path] ?? [] });
      if (index + 1 === renewEvery && index + 1 < waits.length)
        await continueAsNew<typeof takeEvents>({ ...rest, taken: null });
    }
  }

  const running = lanes.map(runLane);
  // What came before this run began is handed over at once: by now its open wait is there.
  setHandler(events, ({ deliveries }) => {
    for (const { path, event } of deliveries) open.get(path)?.(event);
  });
  await Promise.all(running);
  return took;
}

/** Sends one event as an `emit` task does, twice. */
export async function emitTwice(input: EngineCalls['weft.emitEvent']['input']): Promise<readonly string[]> {
  const first = await calls['weft.emitEvent'](input);
  const second = await calls['weft.emitEvent'](input);
  return [first.id, second.id];
}

/** Asks for a wait and ends with what that answers. */
export async function askOnce(input: EngineCalls['weft.openEventWait']['input']): Promise<readonly EventInfo[]> {
  return (await calls['weft.openEventWait'](input)).events;
}

/** What is carried from run to run must be small. */
function numberIn(data: Json): number {
  return typeof data === 'object' && data !== null && 'n' in data ? Number(data.n) : Number(data);
}
