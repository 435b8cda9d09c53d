import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { DataConverter, Payload } from '@temporalio/common';
import {
  decodeReferencePayload,
  isReferencePayload,
  visit,
  walkGetWorkflowExecutionHistoryResponse,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { StorageDriverClaim } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

/**
 * Puts large values back where a history's events hold references to them, in place: nothing in the SDK does it for
 * who reads events. One that is lost becomes null, so that the rest can be read.
 * @throws ApplicationFailure DATABASE_UNAVAILABLE
 */
export async function resolvePayloads(
  events: temporal.api.history.v1.IHistoryEvent[],
  { externalStorage }: DataConverter,
): Promise<void> {
  const resolve = async (payload: Payload): Promise<Payload> => {
    if (!isReferencePayload(payload)) return payload;
    const { driverName, claimData } = decodeReferencePayload(payload);
    try {
      const found = await externalStorage?.getDriver(driverName)?.retrieve({}, [new StorageDriverClaim(claimData)]);
      return found?.[0] ?? nothing();
    } catch (error) {
      if (error instanceof ApplicationFailure && error.nonRetryable === true) return nothing();
      throw error;
    }
  };
  await visit({ history: { events } }, walkGetWorkflowExecutionHistoryResponse, {
    transformPayload: resolve,
    transformPayloads: (payloads) => Promise.all(payloads.map(resolve)),
    skipSearchAttributes: true,
  });
}

function nothing(): Payload {
  return defaultPayloadConverter.toPayload(null);
}
