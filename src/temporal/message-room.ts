/** Of the 4 MB that one message to Temporal has: the rest is for what is too small to count. */
const ROOM = 2_000_000;
/** A workflow task ends within 10 s, and with it what goes in its message. */
const WINDOW_MS = 12_000;
/** Runs that are looked through for what is over. */
const MANY = 1_000;

/**
 * What may stand in the messages of a run, though each value is small enough for itself: of one that gets larger than
 * 4 MB Temporal terminates the execution (`GrpcMessageTooLarge`), so 100 results of 50 kB in one workflow task would do.
 */
export type MessageRoom = {
  /** Takes so many bytes, false where there is no more room for now. */
  readonly take: (run: string, bytes: number) => boolean;
};

export function createMessageRoom(now: () => number = Date.now): MessageRoom {
  const runs = new Map<string, { readonly taken: { readonly at: number; readonly bytes: number }[]; sum: number }>();

  function forget(): void {
    for (const [run, { taken }] of runs) if ((taken.at(-1)?.at ?? 0) < now() - WINDOW_MS) runs.delete(run);
  }

  return {
    take: (run, bytes) => {
      const at = now();
      const room = runs.get(run) ?? { taken: [], sum: 0 };
      while (room.taken[0] && room.taken[0].at < at - WINDOW_MS) room.sum -= room.taken.shift()?.bytes ?? 0;
      if (room.sum + bytes > ROOM) return false;
      room.taken.push({ at, bytes });
      room.sum += bytes;
      if (!runs.has(run) && runs.size >= MANY) forget();
      runs.set(run, room);
      return true;
    },
  };
}
