import type { Host } from './host.ts';

/** A run that is asked to go on in another one: nothing new starts, what runs ends, and then it is quiet. */
export type Turnover = {
  /** What starts passes here; rejects when the host's scope is cancelled. */
  readonly pass: (host: Host) => Promise<void>;
  /** A task begins to do something that the next run couldn't go on with. */
  readonly enter: () => void;
  readonly leave: () => void;
  /** Looks whether the history has grown so long that another run should go on; cheap, asked wherever one moves on. */
  readonly check: () => void;
  readonly countUpdate: () => void;
  /** Resolves when a turnover is due and nothing is under way. */
  readonly quiet: () => Promise<void>;
  readonly isQuiet: () => boolean;
};

/** Temporal takes 2,000 updates a run. */
const MOST_UPDATES = 1_500;
/** How long what runs may hold up all else before it goes on for now, ms. */
const PATIENCE = 60_000;
/** It is tried again when the history has grown by this factor, or after that long, ms. */
const GROWTH = 1.5;
const PAUSE = 600_000;
/** From here on nothing new starts until it is quiet, however long that takes: Temporal ends a run at 51,200 events or 50 MB. */
const HARD_EVENTS = 20_000;
const HARD_BYTES = 10_000_000;

export function createTurnover(root: Host): Turnover {
  let busy = 0;
  let updates = 0;
  let isDue = false;
  let isAsking = false;
  let tried = { events: 0, bytes: 0, at: Number.NEGATIVE_INFINITY };
  let gate: Promise<void> = Promise.resolve();
  let open = (): void => undefined;
  let tellQuiet = (): void => undefined;

  function check(): void {
    if (isDue) return;
    const { events, bytes, isLong } = root.history();
    if (!isLong && updates < MOST_UPDATES) return;
    const isHard = events >= HARD_EVENTS || bytes >= HARD_BYTES;
    const hasGrown = events >= tried.events * GROWTH || bytes >= tried.bytes * GROWTH;
    if (!isHard && !hasGrown && root.now() < tried.at + PAUSE) return;
    tried = { events, bytes, at: root.now() };
    isDue = true;
    gate = new Promise((resolve) => (open = resolve));
    if (!isHard && busy > 0) void giveUpLater();
    ask();
  }

  async function giveUpLater(): Promise<void> {
    await root.sleep(PATIENCE, 'lets what runs end before another run goes on');
    if (busy === 0) return;
    isDue = false;
    open();
  }

  /** A timer's turn comes when all that this moment set off has happened. */
  function ask(): void {
    if (!isDue || busy > 0 || isAsking) return;
    isAsking = true;
    void root.sleep(1, 'goes on in another run').then(() => {
      isAsking = false;
      if (isDue && busy === 0) tellQuiet();
    });
  }

  return {
    pass: async (host) => {
      while (isDue) await Promise.race([gate, host.cancelled]);
    },
    enter: () => {
      busy++;
    },
    leave: () => {
      busy--;
      check();
      ask();
    },
    check,
    countUpdate: () => {
      updates++;
      check();
    },
    quiet: () =>
      new Promise((resolve) => {
        tellQuiet = resolve;
        ask();
      }),
    isQuiet: () => isDue && busy === 0,
  };
}
