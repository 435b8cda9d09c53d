import { readClientConfig } from '../config.ts';
import type { ClientConfig } from '../config.ts';
import type { ReadyFile } from '../dev/ready-file.ts';
import { createClient } from './client.ts';
import type { Client } from './client.ts';
import { CliError, EXIT } from './exit-code.ts';
import { findLocalStack } from './local-stack.ts';
import type { Output } from './output.ts';
import type { Terminal } from './terminal.ts';

/** The options every command takes. */
export type GlobalOptions = { readonly output: Output; readonly as?: 'developer' | 'manager'; readonly stack?: string };

/** What a command works with. */
export type Cli = {
  readonly terminal: Terminal;
  readonly output: Output;
  readonly settings: () => ClientConfig;
  readonly localStack: () => ReadyFile | undefined;
  readonly client: () => Client;
};

/** Joins the terminal, the settings and the local stack; nothing is read before a command asks for it. */
export function createCli(terminal: Terminal, options: GlobalOptions): Cli {
  const settings = () => {
    try {
      return readClientConfig(terminal.env);
    } catch (cause) {
      throw new CliError(EXIT.usage, cause instanceof Error ? cause.message : String(cause), { cause });
    }
  };
  const localStack = () => findLocalStack(terminal.cwd, options.stack);
  const client = () => {
    const { WEFT_URL, WEFT_KEY } = settings();
    // The local stack's key is never shown to another address.
    const stack = WEFT_URL === undefined ? localStack() : undefined;
    const url = WEFT_URL ?? stack?.api;
    const key = WEFT_KEY ?? (options.as === 'manager' ? stack?.managerKey : stack?.key);
    if (url === undefined) {
      throw new CliError(EXIT.unavailable, 'There is no local stack here or above, and WEFT_URL is not set.', {
        hint: 'Start one with `weft dev`, or say where it is with `--stack DIR`.',
      });
    }
    if (key === undefined) throw new CliError(EXIT.usage, 'WEFT_URL is set, so WEFT_KEY must be too.');
    return createClient({ url, key });
  };
  return { terminal, output: options.output, settings, localStack, client };
}
