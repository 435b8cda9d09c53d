import type { Json } from '../contract.ts';
import type { EventInfo } from '../messages.ts';

export type EventRow = {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  readonly at: Date;
};

/** An event as the workflow is told of it. */
export function showEvent({ id, name, key, data, at }: EventRow): EventInfo {
  return { id, name, key, data, at: at.toISOString() };
}
