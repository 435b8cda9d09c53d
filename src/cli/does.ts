import type { Command } from 'commander';
import { createCli } from './cli.ts';
import type { Cli, GlobalOptions } from './cli.ts';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Makes a command's action of what does it: `(cli, …what the command was given)` to an exit code. */
export type Does = (
  action: (cli: Cli, ...given: never[]) => Promise<ExitCode>,
) => (...given: unknown[]) => Promise<void>;

/** Makes the actions of a program; an action's exit code is the program's. */
export function createDoes(terminal: Terminal, ended: { code: ExitCode }): Does {
  return (action) => {
    return async (...given) => {
      const command = given.pop() as Command;
      const cli = createCli(terminal, command.optsWithGlobals<GlobalOptions>());
      ended.code = await action(cli, ...(given as never[]));
    };
  };
}
