import type { Json } from '../../contract.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { follow } from '../follow.ts';
import { printOne } from '../output.ts';
import { readJson } from '../read-json.ts';
import type { ExecutionView } from '../shapes.ts';

export type RunOptions = {
  readonly input?: string;
  readonly version?: string;
  readonly id?: string;
  readonly correlationId?: string;
  readonly watch?: boolean;
  /** ms */
  readonly timeout?: number;
};

/** Starts an execution and, with `watch`, shows it until it has ended. */
export async function run(workflow: string, options: RunOptions, cli: Cli): Promise<ExitCode> {
  const input: Json | undefined =
    options.input === undefined ? undefined : await readJson('--input', options.input, cli.terminal);
  const { version, id, correlationId } = options;
  const started = await cli
    .client()
    .post<ExecutionView>('/executions', { workflow, version, input, id, correlationId });
  if (options.watch !== true) {
    printOne(started, { id: started.id, status: started.status }, cli);
    return EXIT.ok;
  }
  if (cli.output === 'table') cli.terminal.say(cli.terminal.talkColors.dim(`started ${started.id}`));
  return follow(started.id, cli, options.timeout);
}
