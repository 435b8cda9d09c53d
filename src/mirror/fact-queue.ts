import type { Prepared } from './prepare.ts';

/** A fact that waits for its commit. */
export type Waiting = {
  readonly prepared: Prepared;
  /** When it was recorded, ms. */
  readonly at: number;
  /** Called once, with false when it is given up. */
  readonly settle: ((isWritten: boolean) => void) | undefined;
};

/** Facts in the order they came, bounded: when there is no room hints go first, then what comes. */
export type FactQueue = {
  /** False when there is no room even without hints. */
  readonly add: (waiting: Waiting) => boolean;
  /** The oldest, out of the queue: at least one where there is any, at most `count` and about `bytes`. */
  readonly take: (count: number, bytes: number) => readonly Waiting[];
  readonly length: () => number;
};

/** @param onDropped told how many hints were given up */
export function createFactQueue(
  limits: { readonly maxFacts: number; readonly maxBytes: number },
  onDropped: (facts: number) => void,
): FactQueue {
  let waiting: Waiting[] = [];
  let first = 0;
  let bytes = 0;
  let hints = 0;

  const length = (): number => waiting.length - first;
  const hasRoom = (more: Waiting): boolean =>
    length() < limits.maxFacts && bytes + more.prepared.bytes <= limits.maxBytes;

  function dropHints(): void {
    const kept: Waiting[] = [];
    const dropped: Waiting[] = [];
    for (const one of waiting.slice(first)) (one.prepared.isHint ? dropped : kept).push(one);
    waiting = kept;
    first = 0;
    hints = 0;
    bytes = kept.reduce((sum, { prepared }) => sum + prepared.bytes, 0);
    for (const { settle } of dropped) settle?.(false);
    onDropped(dropped.length);
  }

  return {
    add: (one) => {
      if (!hasRoom(one) && hints > 0) dropHints();
      if (!hasRoom(one)) return false;
      waiting.push(one);
      bytes += one.prepared.bytes;
      if (one.prepared.isHint) hints++;
      return true;
    },
    take: (count, size) => {
      const taken: Waiting[] = [];
      let takenBytes = 0;
      for (; first < waiting.length && taken.length < count; first++) {
        const one = waiting[first];
        if (!one || (taken.length > 0 && takenBytes + one.prepared.bytes > size)) break;
        taken.push(one);
        takenBytes += one.prepared.bytes;
        if (one.prepared.isHint) hints--;
      }
      bytes -= takenBytes;
      // Moving the rest for every batch would cost the square of a long queue.
      if (first * 2 > waiting.length) {
        waiting = waiting.slice(first);
        first = 0;
      }
      return taken;
    },
    length,
  };
}
