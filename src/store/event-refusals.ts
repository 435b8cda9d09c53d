import pg from 'pg';

const TOO_LARGE = { code: 'TOO_LARGE', detail: "An event's data has at most 1,000,000 bytes." } as const;
const KEY = { code: 'INVALID', detail: "An event's key has at most 256 characters." } as const;
const NAME = {
  code: 'INVALID',
  detail: "An event's name has 1 to 128 characters, and no control characters.",
} as const;

/** What PostgreSQL refuses of an event, or of a wait for one, in words. */
const REFUSALS: { readonly [constraint: string]: Refusal } = {
  events_size_check: TOO_LARGE,
  events_key_check: KEY,
  events_name_check: NAME,
  events_name_check1: NAME,
  event_waits_key_check: KEY,
  event_waits_name_check: NAME,
  event_waits_name_check1: NAME,
};

export type Refusal = { readonly code: 'TOO_LARGE' | 'INVALID'; readonly detail: string };

/** Why an event can't be stored, however often it is tried; undefined where that isn't why it failed. */
export function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof pg.DatabaseError ? REFUSALS[error.constraint ?? ''] : undefined;
}
