/** How the command line ends; scripts rely on these. */
export const EXIT = {
  ok: 0,
  /** The execution failed, or Weft did. */
  failed: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  notAllowed: 5,
  unavailable: 69,
  waitedTooLong: 124,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code that tells what an HTTP status tells. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 409 || status === 412) return EXIT.conflict;
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 429 || status === 502 || status === 503 || status === 504) return EXIT.unavailable;
  return status < 500 ? EXIT.usage : EXIT.failed;
}

/** Ends the command with a sentence for the person and an exit code for the script. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
    this.hint = options.hint;
  }
}
