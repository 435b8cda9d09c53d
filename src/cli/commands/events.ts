import type { Json } from '../../contract.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printOne } from '../output.ts';
import { readJson } from '../read-json.ts';
import type { EventView } from '../shapes.ts';

/** Sends an event to the executions that wait for it. */
export async function sendEvent(
  name: string,
  options: { readonly key?: string; readonly data?: string },
  cli: Cli,
): Promise<ExitCode> {
  const data: Json | undefined =
    options.data === undefined ? undefined : await readJson('--data', options.data, cli.terminal);
  const sent = await cli.client().post<EventView>('/events', { name, key: options.key, data });
  printOne(sent, { id: sent.id, name: sent.name, key: sent.key ?? undefined }, cli);
  return EXIT.ok;
}
