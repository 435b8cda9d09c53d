import helpers from '@temporalio/common/lib/internal-non-workflow/extstore-helpers.js';
import visitor from '@temporalio/common/lib/internal-non-workflow/payload-visitor.js';
import type { Payload } from '@temporalio/common';

type Visit = typeof visitor.visit;
type Env = Parameters<Parameters<Visit>[1]>[1];

/** What a walk takes for a promise: nothing comes of it. */
const NOTHING = { then: () => NOTHING } as unknown as Promise<never>;
/** Of a payload's form in Protobuf, beside what it holds, bytes; at most. */
const FRAME = 64;

let isDone = false;

/**
 * Lets the SDK pass over messages none of whose payloads concerns external storage: for each payload of each of them it
 * makes four promises, an abort signal that follows another, and its form in Protobuf, to find out that it is small. Six
 * for a local task, about a third of what its worker does for it.
 * @param threshold bytes from which on a payload may be stored elsewhere
 */
export function passOverSmallPayloads(threshold: number): void {
  if (isDone) return;
  isDone = true;
  const { visit } = visitor;
  const passOver: Visit = async (root, walk, options) => {
    if (concerns(root, walk as Parameters<Visit>[1], options, threshold)) await visit(root, walk, options);
  };
  Object.assign(visitor, { visit: passOver });
}

/** Whether any payload in a message stands elsewhere, or might. */
function concerns(
  root: unknown,
  walk: Parameters<Visit>[1],
  { skipHeaders = false, skipSearchAttributes = false }: { skipHeaders?: boolean; skipSearchAttributes?: boolean },
  threshold: number,
): boolean {
  let isFound = false;
  const look = (payload: Payload): void => {
    // To be asked whether it is a reference it has to be of some Protobuf message.
    const mayRefer = payload.metadata?.['messageType'] !== undefined;
    isFound ||= sizeOf(payload) >= threshold || (mayRefer && helpers.isReferencePayload(payload));
  };
  const env: Env = {
    transformPayload: (payload) => {
      look(payload);
      return NOTHING;
    },
    transformPayloads: (payloads) => {
      for (const payload of payloads) look(payload);
      return NOTHING;
    },
    skipHeaders,
    skipSearchAttributes,
  };
  void walk(root, env, undefined);
  return isFound;
}

/** Not less than it is in Protobuf. */
function sizeOf({ data, metadata }: Payload): number {
  let size = FRAME + (data?.length ?? 0);
  for (const key in metadata) size += FRAME + key.length * 3 + (metadata[key]?.length ?? 0);
  return size;
}
