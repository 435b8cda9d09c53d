import { setTimeout as delay } from 'node:timers/promises';
import type { Cli } from './cli.ts';
import { RequestFailed } from './client.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { applyEvent, hasEnded } from './picture.ts';
import type { Picture } from './picture.ts';
import type { ServerEvent } from './server-events.ts';
import type { ExecutionView } from './shapes.ts';
import { createView } from './view.ts';
import { errorInWords, valueInWords } from './words.ts';

/** For how long a lost stream is asked for again, ms. */
const RECONNECT_MS = 60_000;

/**
 * Shows an execution until it has ended; at most `timeoutMs`.
 * @returns 0 when it succeeded, 1 otherwise
 * @throws CliError `waitedTooLong`, `notFound`, `unavailable`
 */
export async function follow(id: string, cli: Cli, timeoutMs?: number): Promise<ExitCode> {
  const controller = new AbortController();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(), timeoutMs);
  const view = createView(cli);
  let picture: Picture | undefined;
  try {
    for await (const event of everyEvent(id, cli, controller.signal)) {
      picture = applyEvent(picture, event) ?? picture;
      if (picture === undefined) continue;
      view.show(picture, event);
      if (hasEnded(picture.execution.status)) break;
    }
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    view.close();
    controller.abort();
  }
  if (picture === undefined || !hasEnded(picture.execution.status)) {
    const status = picture === undefined ? 'not seen yet' : picture.execution.status;
    throw new CliError(EXIT.waitedTooLong, `The execution ${id} is ${status}; waited long enough.`, {
      hint: `\`weft watch ${id}\` goes on watching.`,
    });
  }
  return printEnd(picture.execution, cli);
}

/** The stream's events; a lost stream is opened again, which begins with a new snapshot. */
async function* everyEvent(id: string, cli: Cli, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const client = cli.client();
  let lostAt: number | undefined;
  for (;;) {
    try {
      for await (const event of client.events(`/executions/${encodeURIComponent(id)}/stream`, signal)) {
        lostAt = undefined;
        yield event;
      }
    } catch (error) {
      const refused = error instanceof RequestFailed && error.exitCode !== EXIT.unavailable;
      const neverSeen = error instanceof CliError && lostAt === undefined;
      if (signal.aborted || refused || neverSeen) throw error;
    }
    lostAt ??= Date.now();
    if (Date.now() - lostAt > RECONNECT_MS)
      throw new CliError(EXIT.unavailable, 'The stream was lost and does not come back.');
    await delay(500, undefined, { signal });
  }
}

function printEnd(execution: ExecutionView, { terminal, output }: Cli): ExitCode {
  if (output === 'json') terminal.print(JSON.stringify(execution, null, 2));
  if (output === 'table') {
    if (execution.error !== null) terminal.say(terminal.talkColors.red(errorInWords(execution.error)));
    if (execution.status === 'success' && execution.output !== null) terminal.print(valueInWords(execution.output));
    if (execution.temporal.url !== null) terminal.say(terminal.talkColors.dim(execution.temporal.url));
  }
  return execution.status === 'success' ? EXIT.ok : EXIT.failed;
}
