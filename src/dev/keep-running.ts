import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessMark } from './process-mark.ts';

/** A process of the stack that is started again when it dies. */
export type Part = {
  /** The process that serves now, or served last. */
  readonly mark: () => ProcessMark;
  readonly stop: () => Promise<void>;
};

export type PartOptions = {
  readonly name: string;
  readonly first: ProcessMark;
  /** Starts it again on the same port and data; answers when it works, gives up when the signal is aborted. */
  readonly start: (signal: AbortSignal) => Promise<ProcessMark>;
  readonly end: (mark: ProcessMark) => Promise<void>;
  readonly onRestart: (mark: ProcessMark) => Promise<void>;
  readonly log: (line: string) => void;
};

/** A look at a process is a read of /proc, elsewhere a call of `ps`. */
const INTERVAL_MS = process.platform === 'linux' ? 150 : 1000;
const LONGEST_DELAY_MS = 10_000;
/** Who ran this long has recovered: its next death is answered at once again. */
const RECOVERED_MS = 30_000;

/** Watches a process and starts it again when it ends, later each time. */
export function keepRunning(options: PartOptions): Part {
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  let mark = options.first;
  const isStopping = () => stopping.signal.aborted;

  async function watch(): Promise<void> {
    let deaths = 0;
    let since = Date.now();
    while (!isStopping()) {
      if (isRunning(mark)) {
        if (Date.now() - since > RECOVERED_MS) deaths = 0;
        await pause(INTERVAL_MS);
        continue;
      }
      options.log(`${options.name} ended${deaths === 0 ? '' : ' again'}, starting it anew`);
      if (deaths > 0) await pause(Math.min(LONGEST_DELAY_MS, 250 * 2 ** deaths));
      if (isStopping()) return;
      deaths++;
      try {
        mark = await options.start(stopping.signal);
        since = Date.now();
        await options.onRestart(mark);
        options.log(`${options.name} is back (process ${mark.pid})`);
      } catch (error) {
        if (!isStopping()) options.log(`${options.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  const watching = watch();
  return {
    mark: () => mark,
    stop: async () => {
      stopping.abort();
      await watching;
      await options.end(mark);
    },
  };
}
