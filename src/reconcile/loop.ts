import type { Logger } from '../log.ts';

/** Work that is done again and again, one at a time. */
export type Loop = {
  /** Does it again at once, or right after what is under way. */
  readonly wake: () => void;
  /** Resolves when what is under way has ended; nothing follows. */
  readonly stop: () => Promise<void>;
};

/** Between two that were woken, ms: what wakes comes in swarms. */
const PACE_MS = 50;

/** A failure is logged when it begins and when it is over, not each time: an outage is one event. */
export function startLoop(
  name: string,
  options: {
    /** ms from the end of one to the begin of the next */
    readonly everyMs: number;
    /** True when there is more to do at once. */
    readonly work: () => Promise<boolean>;
    readonly log: Logger;
  },
): Loop {
  const { everyMs, work, log } = options;
  let isStopped = false;
  let isWoken = false;
  let isFailing = false;
  let wake: (() => void) | undefined;

  async function once(): Promise<boolean> {
    try {
      const more = await work();
      if (isFailing) log.info({ loop: name }, 'works again');
      isFailing = false;
      return more;
    } catch (error) {
      if (!isFailing) log.warn({ err: error, loop: name }, 'fails; trying again');
      isFailing = true;
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      const more = await once();
      if (!more) await pause();
    }
  }

  function pause(): Promise<void> {
    const ms = isStopped ? 0 : isWoken && !isFailing ? PACE_MS : everyMs;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    wake: () => {
      isWoken = true;
      if (!isFailing) wake?.();
    },
    stop: async () => {
      isStopped = true;
      wake?.();
      await running;
    },
  };
}
