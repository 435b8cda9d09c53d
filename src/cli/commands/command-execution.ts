import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printOne } from '../output.ts';

export type ExecutionCommand = 'cancel' | 'terminate' | 'pause' | 'resume';

/** Asks for a change of a running execution; what came of it is in the mirror soon after. */
export async function commandExecution(
  command: ExecutionCommand,
  id: string,
  options: { readonly reason?: string },
  cli: Cli,
): Promise<ExitCode> {
  const path = `/executions/${encodeURIComponent(id)}/${command}`;
  const answer = await cli.client().post<{ readonly status?: string }>(path, { reason: options.reason });
  printOne(answer, { id, status: answer.status, asked: command }, cli);
  return EXIT.ok;
}
