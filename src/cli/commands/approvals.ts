import type { Cli } from '../cli.ts';
import { RequestFailed } from '../client.ts';
import type { Client } from '../client.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList, printOne } from '../output.ts';
import { readJson } from '../read-json.ts';
import type { ApprovalView } from '../shapes.ts';
import type { Column } from '../table.ts';
import { paintStatus, relativeTime } from '../words.ts';

export type ApprovalFilter = {
  readonly status: string;
  readonly assignee?: string;
  readonly workflow?: string;
  readonly dueBefore?: string;
  readonly limit: number;
};

/** Lists approvals: the inbox. */
export async function listApprovals({ limit, ...filter }: ApprovalFilter, cli: Cli): Promise<ExitCode> {
  const rows = await cli.client().list<ApprovalView>('/approvals', filter, limit);
  const { colors } = cli.terminal;
  const columns: readonly Column<ApprovalView>[] = [
    { title: 'ID', value: (row) => row.id },
    { title: 'STATUS', value: (row) => row.status, paint: (text, row) => paintStatus(text, row.status, colors) },
    { title: 'DUE', value: (row) => (row.deadline === null ? '' : relativeTime(row.deadline, Date.now())) },
    { title: 'FOR', value: (row) => [...row.assignees, ...row.candidateGroups].join(', ') },
    { title: 'CLAIMED BY', value: (row) => row.claimedBy ?? '' },
    { title: 'TITLE', value: (row) => row.title },
  ];
  printList(rows, columns, { ...cli, empty: 'Nothing waits for a decision.' });
  return EXIT.ok;
}

/** Votes on an approval, named by its id or by that of an execution with exactly one open approval. */
export async function decide(
  decision: 'approve' | 'reject',
  id: string,
  options: { readonly comment?: string; readonly data?: string },
  cli: Cli,
): Promise<ExitCode> {
  const data = options.data === undefined ? undefined : await readJson('--data', options.data, cli.terminal);
  const client = cli.client();
  const approval = id.includes('~') ? id : await onlyOpenApproval(id, client);
  const path = `/approvals/${encodeURIComponent(approval)}/decision`;
  const answer = await client
    .post<ApprovalView>(path, { decision, comment: options.comment, data })
    .catch((error: unknown) => {
      if (error instanceof RequestFailed && error.exitCode === EXIT.notAllowed && cli.localStack() !== undefined) {
        cli.terminal.say('The local stack knows a second person: add `--as manager`.');
      }
      throw error;
    });
  const { colors } = cli.terminal;
  printOne(
    answer,
    { approval: answer.id, status: paintStatus(answer.status, answer.status, colors), title: answer.title },
    cli,
  );
  return EXIT.ok;
}

async function onlyOpenApproval(execution: string, client: Client): Promise<string> {
  const open = await client.list<ApprovalView>('/approvals', { status: 'open', execution }, 20);
  const [first, ...others] = open;
  if (first !== undefined && others.length === 0) return first.id;
  // Tells an unknown execution from one without an open approval.
  if (first === undefined) await client.get(`/executions/${encodeURIComponent(execution)}`);
  if (first === undefined) throw new CliError(EXIT.notFound, `The execution ${execution} waits for no approval.`);
  throw new CliError(EXIT.usage, `The execution ${execution} waits for ${open.length} approvals; name one of them:`, {
    hint: open.map((approval) => `  ${approval.id}  ${approval.title}`).join('\n'),
  });
}
