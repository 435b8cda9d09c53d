import type { Database } from '../store/database.ts';
import { listEvents } from '../store/events.ts';
import type { EventFilter, StoredEvent } from '../store/events.ts';

/** The events that a filter lets through, newest first, one more than its limit when there are more. */
export function readEvents(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  filter: EventFilter,
): Promise<(StoredEvent & { readonly at: string })[]> {
  return database.asApp(who, (session) => listEvents(session, who.tenant, filter));
}
