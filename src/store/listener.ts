import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export type Listener = {
  readonly listen: (channel: string, onNotify: (payload: string) => void) => () => void;
  readonly close: () => Promise<void>;
};

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** A half-open connection stays silent for ever, unless it is asked. */
const PROBE_EVERY_MS = 15_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** One connection for all channels: made with the first of them, and made again whenever it is lost. */
export function createListener(options: { readonly url: string; readonly name: string }): Listener {
  const handlers = new Map<string, Set<(payload: string) => void>>();
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let running: Promise<void> | undefined;

  function tell(channel: string, payload: string): void {
    for (const onNotify of [...(handlers.get(channel) ?? [])]) onNotify(payload);
  }

  async function run(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!closing.signal.aborted) {
      const since = Date.now();
      await hold().catch(() => undefined);
      wait = Date.now() - since > LONGEST_WAIT_MS ? FIRST_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      // Not every process at the same moment, once PostgreSQL is back.
      await pause(wait * (0.5 + Math.random() / 2), closing.signal);
    }
  }

  /** Resolves or rejects when the connection is lost. */
  async function hold(): Promise<void> {
    const connected = new pg.Client({
      connectionString: options.url,
      application_name: options.name,
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    const over = new AbortController();
    const stop = (): void => over.abort();
    connected.on('error', stop).on('end', stop);
    connected.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''));
    closing.signal.addEventListener('abort', stop);
    try {
      await connected.connect();
      client = connected;
      for (const channel of [...handlers.keys()]) {
        await connected.query(`listen ${pg.escapeIdentifier(channel)}`);
        tell(channel, '');
      }
      while (!over.signal.aborted) {
        await connected.query('select 1');
        await pause(PROBE_EVERY_MS, over.signal);
      }
    } finally {
      client = undefined;
      closing.signal.removeEventListener('abort', stop);
      await connected.end().catch(() => undefined);
    }
  }

  return {
    listen: (channel, onNotify) => {
      const own = handlers.get(channel) ?? new Set();
      handlers.set(channel, own.add(onNotify));
      running ??= run();
      // Where it fails, the connection is lost, and the next one listens to all channels.
      client?.query(`listen ${pg.escapeIdentifier(channel)}`).then(
        () => own.has(onNotify) && onNotify(''),
        () => undefined,
      );
      return () => void own.delete(onNotify);
    },
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** Waits, ms, or until the signal; keeps no process alive. */
async function pause(duration: number, signal: AbortSignal): Promise<void> {
  await sleep(duration, undefined, { signal, ref: false }).catch(() => undefined);
}
