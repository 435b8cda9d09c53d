import pg from 'pg';

/** A key that this process has looked up before: whose it was, which the first statement of a request has to confirm. */
export type KnownKey = {
  /** SHA-256 of the key. */
  readonly hash: Buffer;
  /** Of its user's row, and what it is cut down to: whatever changes one of them changes it. */
  readonly version: string;
  /** A transaction was begun with it. */
  wasAsked: boolean;
  /** PostgreSQL said that it is good and unchanged: what comes after needn't ask again. */
  isConfirmed: boolean;
  /** It was revoked, has expired, or something of its holder is another; or PostgreSQL can't say. */
  hasChanged: boolean;
};

/** What `weft.confirmed_role` raises. */
const HAS_CHANGED = 'WF001';
/** PostgreSQL's code for a function that isn't there: before its migration. */
export const UNKNOWN_FUNCTION = '42883';

/** Whether an error says that nothing was confirmed, and nothing has happened. */
export function isUnconfirmed(error: unknown): boolean {
  return error instanceof pg.DatabaseError && [HAS_CHANGED, UNKNOWN_FUNCTION].includes(error.code ?? '');
}
