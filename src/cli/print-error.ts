import { Problem } from '../problem.ts';
import type { Issue } from '../problem.ts';
import { RequestFailed } from './client.ts';
import { CliError, EXIT, exitCodeOf } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** A file that was sent, so that a problem in it can be shown in its place. */
export type SourceFile = { readonly name: string; readonly text: string };

/** Says what went wrong and what to do; returns the exit code that tells it to a script. */
export function printError(error: unknown, terminal: Terminal, source?: SourceFile): ExitCode {
  const { talkColors: colors, say } = terminal;
  if (error instanceof RequestFailed) {
    printProblem(error, terminal, source);
    return error.exitCode;
  }
  if (error instanceof CliError) {
    say(colors.red(error.message));
    if (error.hint !== undefined) say(error.hint);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  say(colors.red(message === '' ? String(codeOf(error)) : message));
  if (error instanceof Problem) return exitCodeOf(error.status);
  return UNREACHABLE.includes(codeOf(error)) ? EXIT.unavailable : EXIT.failed;
}

const UNREACHABLE: readonly unknown[] = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EAI_AGAIN'];

/** Node's and PostgreSQL's errors name themselves by a code, those of several attempts have no message; undefined = neither it nor a cause has one. */
function codeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error ? error.code : codeOf(error.cause);
}

/** Prints each issue as `file:line:column CODE message`, with the line it is about and the hint. */
export function printIssues(issues: readonly Issue[], terminal: Terminal, source?: SourceFile): void {
  const { talkColors: colors, say } = terminal;
  for (const issue of issues) {
    const place = [source?.name, issue.line, issue.line === undefined ? undefined : issue.column];
    const shown = place.filter((part) => part !== undefined).join(':');
    const where = issue.line === undefined ? [shown, issue.pointer].filter((part) => part !== '').join(' ') : shown;
    say(`${where === '' ? '' : `${colors.bold(where)} `}${colors.red(issue.code)} ${issue.message}`);
    const line = issue.line === undefined ? undefined : source?.text.split('\n')[issue.line - 1];
    if (line !== undefined) {
      const number = String(issue.line);
      say(colors.dim(`  ${number} | ${line}`));
      if (issue.column !== undefined)
        say(colors.dim(`  ${' '.repeat(number.length)} | ${' '.repeat(issue.column - 1)}^`));
    }
    if (issue.hint !== undefined) say(`  ${colors.cyan(issue.hint)}`);
  }
}

function printProblem({ problem }: RequestFailed, terminal: Terminal, source: SourceFile | undefined): void {
  const { talkColors: colors, say } = terminal;
  const file = source === undefined ? '' : `${colors.bold(source.name)} `;
  say(
    `${file}${colors.red(problem.code)} ${problem.title}${problem.detail === undefined ? '' : `: ${problem.detail}`}`,
  );
  printIssues(problem.errors ?? [], terminal, source);
  if (problem.status >= 500 && problem.requestId !== undefined) say(colors.dim(`request ${problem.requestId}`));
}
