import helpers from '@temporalio/common/lib/internal-non-workflow/extstore-helpers.js';
import internal from '@temporalio/common/lib/internal-non-workflow/index.js';
import visitor from '@temporalio/common/lib/internal-non-workflow/payload-visitor.js';
import { StorageDriverClaim } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { passOverSmallPayloads } from '../../src/lean-payloads.ts';
import { SMALL } from '../../src/temporal/payloads.ts';

const { Payload: PayloadProto } = proto.temporal.api.common.v1;
const plain = (bytes: number): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.alloc(bytes, 'x'),
});
const reference = helpers.encodeReferencePayload({
  driverName: 'weft',
  claim: new StorageDriverClaim({ hash: 'h' }),
  sizeBytes: 200_000,
});

/** Which payloads of a scheduled local activity the SDK goes through. */
async function visited(argument: Payload, header = plain(100)): Promise<number> {
  let count = 0;
  const commands = [{ scheduleLocalActivity: { arguments: [argument], headers: { task: header } } }];
  // As the SDK's worker calls it.
  await internal.visit({ successful: { commands } }, internal.walkWorkflowActivationCompletion, {
    transformPayload: (payload) => Promise.resolve((count++, payload)),
    transformPayloads: (payloads) => Promise.resolve((count++, payloads)),
  });
  return count;
}

describe('what the SDK does for external storage', () => {
  it('goes through every payload by itself: else there is nothing to spare', async () => {
    expect(await visited(plain(10))).toBe(2);
  });

  it('is left out where all payloads are small, and done where one is large or a reference', async () => {
    passOverSmallPayloads(SMALL);
    const { visit } = visitor;
    passOverSmallPayloads(SMALL);
    expect(visitor.visit).toBe(visit);
    expect(await visited(plain(10))).toBe(0);
    expect(await visited(plain(200_000))).toBe(2);
    expect(await visited(plain(10), plain(2_000))).toBe(2);
    expect(await visited(reference)).toBe(2);
    expect(await visited(plain(10), reference)).toBe(2);
  });

  it('is done for all that the SDK might store, to the byte', async () => {
    for (let bytes = SMALL - 200; bytes <= SMALL; bytes++) {
      const payload = plain(bytes);
      if (PayloadProto.encode(payload).finish().length >= SMALL) expect(await visited(payload)).toBe(2);
    }
    expect(await visited(plain(SMALL - 200))).toBe(0);
  });
});
