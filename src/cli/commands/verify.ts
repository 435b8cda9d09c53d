import type { Cli } from '../cli.ts';
import type { Client, Page } from '../client.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import type { ExecutionItem, VerificationView } from '../shapes.ts';

export type VerifyOptions = { readonly all?: boolean };
export type RepairOptions = VerifyOptions & { readonly dryRun?: boolean };

type Unmirrored = { readonly id: string; readonly startedAt: string };
/** Replayed side by side: the API has one replayer. */
const AT_ONCE = 4;

/** Holds the mirror against Temporal's histories; fails where they differ. */
export async function verify(id: string | undefined, options: VerifyOptions, cli: Cli): Promise<ExitCode> {
  const client = cli.client();
  const look = (one: string) => client.get<VerificationView>(`/executions/${encodeURIComponent(one)}/verification`);
  return await report(id, options, cli, look);
}

/** Makes the mirror what Temporal's histories say; fails where that was not possible, or with `--dry-run` where it is needed. */
export async function repair(id: string | undefined, options: RepairOptions, cli: Cli): Promise<ExitCode> {
  if (options.dryRun === true) return await verify(id, options, cli);
  const client = cli.client();
  const look = async (one: string) => {
    const path = `/executions/${encodeURIComponent(one)}`;
    const { before, after } = await client.post<{ before: VerificationView; after: VerificationView }>(
      `${path}/repair`,
      {},
    );
    if (!before.agrees && cli.output === 'table') {
      for (const line of linesOf(before)) cli.terminal.print(`${after.agrees ? 'repaired' : 'left'}  ${line}`);
    }
    return after;
  };
  return await report(id, options, cli, look);
}

async function report(
  id: string | undefined,
  { all = false }: VerifyOptions,
  cli: Cli,
  look: (id: string) => Promise<VerificationView>,
): Promise<ExitCode> {
  const { terminal, output } = cli;
  if ((id === undefined) !== all) throw new CliError(EXIT.usage, 'Name one execution, or say --all.');
  const counts = { executions: 0, forgotten: 0, differences: 0 };
  const show = (found: VerificationView): void => {
    counts.executions++;
    if (found.state === 'forgotten') counts.forgotten++;
    counts.differences += found.differences.length;
    if (output === 'json' && !all) terminal.print(JSON.stringify(found, null, 2));
    else if (output !== 'table') terminal.print(JSON.stringify(found));
    else for (const line of linesOf(found)) terminal.print(line);
  };
  if (id !== undefined) show(await look(id));
  else {
    const client = cli.client();
    for await (const page of pages(client)) {
      for (let first = 0; first < page.length; first += AT_ONCE) {
        const some = page.slice(first, first + AT_ONCE);
        for (const found of await Promise.all(some.map((one) => look(one.id)))) show(found);
      }
    }
    const { items } = await client.get<{ readonly items: readonly Unmirrored[] }>('/unmirrored');
    for (const missing of items) {
      counts.differences++;
      if (output === 'table')
        terminal.print(`${missing.id}  is not in the mirror; Temporal has it since ${missing.startedAt}`);
      else terminal.print(JSON.stringify({ id: missing.id, state: 'unmirrored', agrees: false, differences: [] }));
    }
  }
  const { executions, forgotten, differences } = counts;
  const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const left = forgotten === 0 ? '' : `, ${forgotten} of them forgotten there`;
  terminal.say(`${many(executions, 'execution')} compared with Temporal${left}: ${many(differences, 'difference')}`);
  return differences === 0 ? EXIT.ok : EXIT.failed;
}

/** Executions, newest first, a page at a time. */
async function* pages(client: Client): AsyncGenerator<readonly ExecutionItem[]> {
  let cursor: string | undefined;
  do {
    const page: Page<ExecutionItem> = await client.get('/executions', { limit: 500, cursor });
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

function linesOf({ id, differences }: VerificationView): readonly string[] {
  return differences.map(({ path, field, temporal, mirror }) => {
    const place = path === null ? id : `${id} ${path}`;
    return `${place}  ${field}: Temporal says ${JSON.stringify(temporal)}, the mirror ${JSON.stringify(mirror)}`;
  });
}
