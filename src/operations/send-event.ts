import type { Json } from '../contract.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { refusalOf } from '../store/event-refusals.ts';
import { findEvent, insertEvent } from '../store/events.ts';
import type { StoredEvent } from '../store/events.ts';
import { digestOf } from './derive-id.ts';

export type EventRequest = {
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  readonly idempotencyKey?: string | undefined;
  readonly requestId?: string | undefined;
};

const CODES = { TOO_LARGE: 'TOO_LARGE', INVALID: 'INPUT_INVALID' } as const;

/**
 * Accepts an event: once its row is committed, every execution that waits for it gets it, or will within 7 days. The same
 * request under the same idempotency key is the same event.
 * @throws Problem TOO_LARGE, INPUT_INVALID, DATABASE_UNAVAILABLE; nothing was written then
 */
export async function sendEvent(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  request: EventRequest,
): Promise<StoredEvent> {
  const { name, key, data, idempotencyKey, requestId } = request;
  const dedupeKey = idempotencyKey === undefined ? null : `api:${digestOf(who.userId, idempotencyKey)}`;
  const event = { name, key, data: JSON.stringify(data), source: 'api', dedupeKey };
  try {
    return await database.asApp(who, async (session) => {
      const { id, isNew } = await insertEvent(session, who.tenant, event);
      if (isNew) {
        const changes = { after: { name, key } };
        await audit(session, {
          userId: who.userId,
          action: 'create',
          resourceType: 'event',
          resourceId: id,
          changes,
          requestId,
        });
      }
      const stored = await findEvent(session, who.tenant, id);
      if (!stored) throw new Error('an event just stored is not there');
      return stored;
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    throw new Problem(CODES[refusal.code], refusal.detail);
  }
}
