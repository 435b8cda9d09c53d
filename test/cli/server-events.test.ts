import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseServerEvents } from '../../src/cli/server-events.ts';
import type { ServerEvent } from '../../src/cli/server-events.ts';

const TEXT =
  'retry: 1000\n\n: still here\n\nevent: snapshot\ndata: {"a":\ndata:  "ä€😀"}\n\r\nid: 7\nevent:task\ndata:{}\r\n\r\ndata: x\n\nevent: cut off\ndata: y';

it('reads events however the bytes are cut', async () => {
  const bytes = new TextEncoder().encode(TEXT);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      const events: ServerEvent[] = [];
      for await (const event of parseServerEvents(ReadableStream.from(chunks))) events.push(event);
      expect(events).toEqual([
        { event: 'snapshot', data: '{"a":\n "ä€😀"}' },
        { event: 'task', data: '{}' },
        { event: 'message', data: 'x' },
      ]);
    }),
  );
});
