import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import type { Json } from '../../contract.ts';
import type { Cli } from '../cli.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList } from '../output.ts';
import { valueInWords } from '../words.ts';

type Row = { readonly [column: string]: Json };

/** Runs SQL as the local stack's reader: one query, the standard input, or line by line in a terminal. */
export async function sql(query: string | undefined, cli: Cli): Promise<ExitCode> {
  const connectionString = cli.settings().DATABASE_URL ?? cli.localStack()?.database;
  if (connectionString === undefined) {
    throw new CliError(EXIT.unavailable, 'There is no local stack here or above, and DATABASE_URL is not set.');
  }
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, application_name: 'weft sql' });
  // A connection lost between two queries is said by the next one.
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw sqlError(cause, '');
  });
  try {
    if (query !== undefined) return await runQuery(client, query, cli);
    if (cli.terminal.stdin.isTTY !== true) return await runQuery(client, await text(cli.terminal.stdin), cli);
    return await prompt(client, cli);
  } finally {
    await client.end();
  }
}

async function prompt(client: pg.Client, cli: Cli): Promise<ExitCode> {
  const { terminal } = cli;
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr, prompt: 'weft> ' });
  terminal.say('End a statement with ; and the session with Ctrl-D.');
  let statement = '';
  lines.prompt();
  for await (const line of lines) {
    statement += `${line}\n`;
    if (line.trimEnd().endsWith(';')) {
      await runQuery(client, statement, cli).catch((error: unknown) => {
        terminal.say(terminal.talkColors.red(error instanceof Error ? error.message : String(error)));
      });
      statement = '';
    }
    lines.setPrompt(statement === '' ? 'weft> ' : '   -> ');
    lines.prompt();
  }
  return EXIT.ok;
}

async function runQuery(client: pg.Client, query: string, cli: Cli): Promise<ExitCode> {
  const answer = await client
    .query<Row>({ text: query, types: { getTypeParser: parserOf } })
    .catch((cause: unknown) => {
      throw sqlError(cause, query);
    });
  // Several statements in one text answer with a list.
  const results = Array.isArray(answer) ? (answer as readonly pg.QueryResult<Row>[]) : [answer];
  for (const { fields, rows, command, rowCount } of results) {
    if (fields.length === 0) cli.terminal.say(`${command}${rowCount === null ? '' : ` ${rowCount}`}`);
    else printList(rows, columnsOf(fields), { ...cli, empty: '(0 rows)' });
  }
  return EXIT.ok;
}

function columnsOf(fields: readonly pg.FieldDef[]) {
  return fields.map(({ name }) => ({
    title: name,
    value: (row: Row) => {
      const value = row[name] ?? null;
      return value === null ? '' : valueInWords(value);
    },
  }));
}

const builtins: { readonly [name in keyof typeof pg.types.builtins]: number } = pg.types.builtins;
const NUMBERS: readonly number[] = [builtins.INT2, builtins.INT4, builtins.OID, builtins.FLOAT4, builtins.FLOAT8];

/** JSON's own types; everything else, times to the microsecond and big numbers included, stays as PostgreSQL writes it. */
function parserOf(type: number): (value: string) => unknown {
  if (type === builtins.BOOL) return (value) => value === 't';
  if (NUMBERS.includes(type)) return Number;
  if (type === builtins.INT8) return (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
  if (type === builtins.JSON || type === builtins.JSONB) return (value) => JSON.parse(value) as unknown;
  return (value) => value;
}

function sqlError(cause: unknown, query: string): CliError {
  if (!(cause instanceof pg.DatabaseError)) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new CliError(EXIT.unavailable, `PostgreSQL does not answer: ${message}`, { cause });
  }
  const before = cause.position === undefined ? undefined : query.slice(0, Number(cause.position) - 1).split('\n');
  const place = before === undefined ? '' : `${before.length}:${(before.at(-1)?.length ?? 0) + 1} `;
  const options = cause.hint === undefined ? { cause } : { hint: cause.hint, cause };
  const code =
    cause.code === '42501' ? EXIT.notAllowed : /^(08|57P|53)/.test(cause.code ?? '') ? EXIT.unavailable : EXIT.usage;
  return new CliError(code, `${place}${cause.code ?? ''} ${cause.message}`, options);
}
