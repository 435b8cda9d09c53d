/** `npm run demo`: the main job end to end on a stack of its own; exits 0 only when the mirror agrees with Temporal. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCli } from '../cli/cli.ts';
import { createClient, type Client } from '../cli/client.ts';
import type { ExecutionView } from '../cli/shapes.ts';
import { printTable } from '../cli/table.ts';
import { createTerminal, type Terminal } from '../cli/terminal.ts';
import { createView } from '../cli/view.ts';
import { DEFAULT_TENANT } from '../contract.ts';
import { workflowIdOf } from '../ids.ts';
import { maskPassword } from './banner.ts';
import { compare } from './demo/compare.ts';
import { followClaim } from './demo/follow-claim.ts';
import { readHistory } from './demo/read-history.ts';
import { readRows, type MirrorRows } from './demo/read-rows.ts';
import { startStubProvider, type StubProvider } from './demo/stub-provider.ts';
import { endSignal } from './end-signal.ts';
import { projectDirectory } from './entry-points.ts';
import type { ReadyFile } from './ready-file.ts';
import { startStack } from './start-stack.ts';

const WORKFLOW = 'expense-claim';
/** How long the execution may take, and the mirror to be confirmed after it, ms. */
const PATIENCE_MS = 120_000;
const CONFIRMATION_MS = 30_000;

/** Answers what went wrong; nothing when all went well. */
async function runDemo(ready: ReadyFile, provider: StubProvider, terminal: Terminal): Promise<readonly string[]> {
  const developer = createClient({ url: ready.api, key: ready.key });
  const manager = createClient({ url: ready.api, key: ready.managerKey });
  const chapter = (title: string) => terminal.print(`\n${terminal.colors.bold(title)}`);

  chapter(`1. Save examples/${WORKFLOW}.yaml`);
  const text = await readFile(join(projectDirectory(), 'examples', `${WORKFLOW}.yaml`), 'utf8');
  const saved = await developer.sendDefinition<{ version: string }>('PUT', `/workflows/${WORKFLOW}`, {
    text,
    format: 'yaml',
  });
  terminal.print(`${WORKFLOW} ${saved.version}`);

  chapter('2. Start an execution as the developer, follow it, approve it as the manager');
  const { url } = provider;
  const input = {
    amount: 1250,
    employee: 'Ada',
    policyUrl: `${url}/policy`,
    payUrl: `${url}/pay`,
    refundUrl: `${url}/refund`,
  };
  const { id } = await developer.post<{ id: string }>('/executions', { workflow: WORKFLOW, input });
  const view = createView(createCli(terminal, { output: 'table' }));
  const ended = await followClaim({
    id,
    client: developer,
    show: view.show,
    onApproval: async (approval) => {
      // So that a person sees it wait.
      await sleep(1000);
      await manager.post(`/approvals/${approval.id}/decision`, { decision: 'approve', comment: 'Receipts are fine' });
    },
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).finally(() => view.close());

  const confirmed = await waitForConfirmation(id, developer);
  chapter(`3. The mirror, by SQL (${maskPassword(ready.database)})`);
  const rows = await readRows(ready.database, id);
  printTables(rows, terminal);

  chapter("4. The same in Temporal's history");
  const history = await readHistory(ready.temporal, workflowIdOf(DEFAULT_TENANT, id));
  terminal.print(`${history.events} events, ${history.activities.length} activities, status ${history.status}`);
  const differences = [...compare(rows, history), ...checkProvider(provider)];
  if (!confirmed) differences.push("the mirror's end was not confirmed by Temporal in time");
  if (ended.status !== 'success') differences.push(`the execution ended ${ended.status}`);
  for (const difference of differences) terminal.print(terminal.colors.red(`✗ ${difference}`));
  if (differences.length === 0) {
    terminal.print(terminal.colors.green('✓ The mirror agrees: activities, ids, attempts, results, decisions, end'));
  }
  if (ready.temporal.ui !== '') {
    const { namespace, ui } = ready.temporal;
    terminal.print(
      `Temporal UI, while it runs: ${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(id)}/${history.runId}/history`,
    );
  }
  return differences;
}

async function waitForConfirmation(id: string, client: Client): Promise<boolean> {
  const end = Date.now() + CONFIRMATION_MS;
  while (Date.now() < end) {
    const { confirmed } = await client.get<ExecutionView & { readonly confirmed: boolean }>(`/executions/${id}`);
    if (confirmed) return true;
    await sleep(250);
  }
  return false;
}

/** The bank was asked once, by a call that may be repeated. */
function checkProvider({ calls }: StubProvider): readonly string[] {
  const payments = calls.filter(({ path }) => path === '/pay');
  if (payments.length !== 1) return [`the provider was paid ${payments.length} times`];
  return payments[0]?.idempotencyKey === undefined ? ['the payment had no Idempotency-Key'] : [];
}

function printTables(rows: MirrorRows, terminal: Terminal): void {
  for (const [table, content] of Object.entries(rows.tables)) {
    const columns = Object.keys(content[0] ?? {}).map((title) => ({
      title,
      value: (row: { readonly [column: string]: unknown }) => cell(row[title]),
    }));
    terminal.print(`\n${terminal.colors.dim(`weft.${table}`)}`);
    if (content.length === 0) terminal.print('(none)');
    else printTable(content, columns, terminal);
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const terminal = createTerminal({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
});
const signal = endSignal();
const provider = await startStubProvider();
try {
  const stack = await startStack({ ephemeral: true, log: terminal.say, signal });
  try {
    const differences = await runDemo(stack.ready(), provider, terminal);
    process.exitCode = differences.length === 0 && !signal.aborted ? 0 : 1;
  } finally {
    await stack.stop();
  }
} catch (error) {
  if (!signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await provider.close();
}
