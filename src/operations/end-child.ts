import type { EngineCalls, END_CHILD } from '../messages.ts';
import { Problem } from '../problem.ts';
import { orderChildEnd } from '../store/children.ts';
import type { Database } from '../store/database.ts';
import type { Temporal } from '../temporal/client.ts';
import { deriveId } from './derive-id.ts';
import { passOn } from './pass-on.ts';

type Order = EngineCalls[typeof END_CHILD]['input'];

/** The id of the order that ends a child on behalf of its parent: there is one of each kind. */
export function endOrderId({ tenant, executionId, how }: Omit<Order, 'reason'>): string {
  return deriveId('end-child', tenant, executionId, how);
}

/**
 * Orders a child execution to end and passes the order on; one that has ended, or isn't there, needs none. What can't be
 * passed on now is later, by the reconciler.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function endChild(
  parts: { readonly database: Database; readonly temporal: Temporal },
  { tenant, executionId, how, reason }: Order,
): Promise<void> {
  const id = endOrderId({ tenant, executionId, how });
  await parts.database.asEngine((session) =>
    orderChildEnd(session, { tenant, id: executionId, commandId: id, how, reason }),
  );
  const passedOn = await passOn(parts, { tenant, id, executionId, action: how, reason, requestedBy: 'system' });
  if (passedOn === 'later') throw new Problem('TEMPORAL_UNAVAILABLE', `'${executionId}' is just being started.`);
}
