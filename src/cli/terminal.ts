import type { Readable, Writable } from 'node:stream';
import picocolors from 'picocolors';
import { readTerminalSettings } from '../config.ts';

export type Colors = ReturnType<typeof picocolors.createColors>;

type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** The process as a command sees it; a test hands in its own. */
export type Process = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly cwd: string;
  /** @default the process's own */
  readonly env?: NodeJS.ProcessEnv;
};

export type Terminal = Process & {
  /** Writes a line of data. */
  readonly print: (line: string) => void;
  /** Writes a line of talk. */
  readonly say: (line: string) => void;
  /** Of the data; all of them do nothing in a pipe and under NO_COLOR. */
  readonly colors: Colors;
  /** Of the talk. */
  readonly talkColors: Colors;
  /** Whether lines of data can be drawn over. */
  readonly live: boolean;
};

/** Joins the process's streams with their colours. */
export function createTerminal(given: Process): Terminal {
  const { color, dumb } = readTerminalSettings(given.env);
  return {
    ...given,
    print: (line) => void given.stdout.write(`${line}\n`),
    say: (line) => void given.stderr.write(`${line}\n`),
    colors: picocolors.createColors(color && given.stdout.isTTY === true),
    talkColors: picocolors.createColors(color && given.stderr.isTTY === true),
    live: !dumb && given.stdout.isTTY === true,
  };
}
