import { ensureTemporalCli } from '../../dev/temporal-binaries.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList } from '../output.ts';
import { paintStatus } from '../words.ts';
import { examineDatabase, examineLogin, examineMigrations, examineMirror, examineOrphans } from './examine-database.ts';
import { examineTemporal, examineWorker } from './examine-temporal.ts';

type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };
type Examine = () => Promise<string>;

const NODE_FLOOR = [20, 19] as const;
/** How long one check may take, ms. */
const PATIENCE_MS = 5_000;

/** Looks at all that Weft needs, one thing after the other, and says what to do where one is not well. */
export async function doctor(cli: Cli): Promise<ExitCode> {
  const checks: Check[] = [];
  for (const [name, examine] of examinations(cli)) {
    const check = await examine().then(
      (detail): Check => ({ name, ok: true, detail }),
      (error: unknown): Check => ({ name, ok: false, detail: reason(error) }),
    );
    checks.push(check);
  }
  const columns = [
    { title: 'CHECK', value: (check: Check) => check.name },
    {
      title: '',
      value: ({ ok }: Check) => (ok ? 'ok' : 'FAIL'),
      paint: (text: string, { ok }: Check) => paintStatus(text, ok ? 'success' : 'failed', cli.terminal.colors),
    },
    { title: 'WHAT', value: (check: Check) => check.detail },
  ];
  printList(checks, columns, { ...cli, empty: '' });
  return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.unavailable;
}

function examinations(cli: Cli): readonly (readonly [string, Examine])[] {
  const database = () => cli.settings().DATABASE_URL ?? cli.localStack()?.database;
  return [
    ['Node', examineNode],
    ['settings', () => examineSettings(cli)],
    ['API', () => examineApi(cli)],
    ['key', () => examineKey(cli)],
    ['database', () => examineDatabase(database())],
    ['migrations', () => examineMigrations(database())],
    ['login', () => examineLogin(database())],
    ['mirror', () => examineMirror(database())],
    ['orphans', () => examineOrphans(database())],
    ['Temporal', () => examineTemporal(cli)],
    ['worker', () => examineWorker(cli)],
    ['Temporal CLI', () => ensureTemporalCli({ log: cli.terminal.say })],
  ];
}

function examineNode(): Promise<string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor] = NODE_FLOOR;
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (enough) return Promise.resolve(process.versions.node);
  return Promise.reject(
    new Error(`${process.versions.node} is too old: install ${leastMajor}.${leastMinor} or later.`),
  );
}

function examineSettings(cli: Cli): Promise<string> {
  const { WEFT_URL, DATABASE_URL, TEMPORAL_ADDRESS } = cli.settings();
  const given = Object.entries({ WEFT_URL, DATABASE_URL, TEMPORAL_ADDRESS }).filter(([, value]) => value !== undefined);
  const stack = cli.localStack();
  const local = stack === undefined ? 'no local stack here or above' : `local stack at ${stack.api}`;
  return Promise.resolve([local, ...given.map(([name]) => `${name} is set`)].join(', '));
}

async function examineApi(cli: Cli): Promise<string> {
  const url = cli.settings().WEFT_URL ?? cli.localStack()?.api;
  if (url === undefined) throw new Error('There is none: start one with `weft dev`, or set WEFT_URL.');
  const response = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(PATIENCE_MS) });
  const { checks } = (await response.json()) as { readonly checks: { readonly [name: string]: string } };
  const shown = Object.entries(checks).map(([name, result]) => `${name} ${result}`);
  if (!response.ok) throw new Error(`${url} is not ready: ${shown.join(', ')}.`);
  return `${url}: ${shown.join(', ')}`;
}

async function examineKey(cli: Cli): Promise<string> {
  const { username, roles } = await cli.client().get<{ username: string; roles: readonly string[] }>('/me');
  return `${username} (${roles.join(', ')})`;
}

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
