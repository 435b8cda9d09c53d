import type { Json } from '../../src/contract.ts';
import type { EngineCalls, EventInfo, Signals } from '../../src/messages.ts';
import { CLOSE_EVENT_WAIT, EMIT_EVENT, OPEN_EVENT_WAIT } from '../../src/messages.ts';
import type { VirtualTime } from './virtual-time.ts';

export type FakeEvents = {
  /** Somebody outside sends one. */
  readonly send: (name: string, data: Json, key?: string) => EventInfo;
  readonly sent: readonly EventInfo[];
  readonly calls: { readonly [name: string]: (input: never) => unknown };
};

type Wait = EngineCalls[typeof OPEN_EVENT_WAIT]['input'];

/** The events of one execution, stored and delivered as by the database. */
export function createFakeEvents(
  time: VirtualTime,
  deliver: (deliveries: Signals['events']['deliveries']) => void,
): FakeEvents {
  const sent: EventInfo[] = [];
  const taken = new Set<string>();
  const waits = new Map<string, Wait>();
  const byKey = new Map<string, EventInfo>();
  const fits = (wait: Wait, { name, key }: EventInfo): boolean =>
    wait.name === name && (wait.key === null || wait.key === key);

  function send(name: string, data: Json, key: string | null = null): EventInfo {
    const event = { id: `event${sent.length}`, name, key, data, at: new Date(time.now()).toISOString() };
    sent.push(event);
    const paths = [...waits.values()].filter((wait) => fits(wait, event)).map(({ path }) => path);
    // Each twice: they come at least once.
    if (paths.length > 0) deliver([...paths, ...paths].map((path) => ({ path, event })));
    return event;
  }

  function open(wait: Wait): EngineCalls[typeof OPEN_EVENT_WAIT]['answer'] {
    waits.set(wait.path, wait);
    return { events: sent.filter((event) => fits(wait, event) && !taken.has(event.id)) };
  }

  function close({ path, taken: ids }: EngineCalls[typeof CLOSE_EVENT_WAIT]['input']): null {
    waits.delete(path);
    for (const id of ids) taken.add(id);
    return null;
  }

  function emit(input: EngineCalls[typeof EMIT_EVENT]['input']): { readonly id: string } {
    const known = byKey.get(input.dedupeKey) ?? send(input.name, input.data, input.key ?? undefined);
    byKey.set(input.dedupeKey, known);
    return { id: known.id };
  }

  return {
    send: (name, data, key) => send(name, data, key),
    sent,
    calls: { [OPEN_EVENT_WAIT]: open, [CLOSE_EVENT_WAIT]: close, [EMIT_EVENT]: emit },
  };
}
