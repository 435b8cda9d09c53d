import { Client } from 'pg';
import type { Json } from '../../contract.ts';

export type TaskRow = {
  readonly path: string;
  readonly type: string;
  readonly executor: string | null;
  readonly status: string;
  readonly attempt: number;
  readonly duration_ms: string | null;
  readonly result: Json;
};
export type VoteRow = {
  readonly approval: string;
  readonly voter_id: string;
  readonly decision: string;
  readonly channel: string;
};
type Row = { readonly [column: string]: unknown };

/** What the mirror says of one execution, as the local login sees it. */
export type MirrorRows = {
  readonly execution: {
    readonly id: string;
    readonly status: string;
    readonly output: Json;
    readonly confirmed: boolean;
  };
  readonly tasks: readonly TaskRow[];
  readonly votes: readonly VoteRow[];
  /** By the name of the table, what is worth printing of it. */
  readonly tables: { readonly [table: string]: readonly Row[] };
};

const TABLES: { readonly [table: string]: string } = {
  workflow_executions: `
    select id, status, triggered_by, completed_tasks, total_tasks, duration_ms, confirmed, output
    from weft.workflow_executions where id = $1`,
  task_executions: `
    select path, type, executor, status, attempt, duration_ms, result
    from weft.task_executions where execution_id = $1 order by execution_order, path`,
  task_attempts: `
    select path, attempt, status, local, duration_ms
    from weft.task_attempts where execution_id = $1 order by start_time, path, attempt`,
  approvals: `
    select path, title, status, quorum, deadline, decided_by
    from weft.approvals where execution_id = $1 order by created_at`,
  approval_votes: `
    select v.approval_id as approval, v.voter_id, v.decision, v.comment, v.channel
    from weft.approval_votes v join weft.approvals a on a.id = v.approval_id
    where a.execution_id = $1 order by v.created_at`,
  execution_history: `
    select created_at, event_type, path, actor
    from weft.execution_history where execution_id = $1 order by created_at, id`,
};

/** Reads the rows of an execution with plain SQL. */
export async function readRows(databaseUrl: string, executionId: string): Promise<MirrorRows> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables: { [table: string]: readonly Row[] } = {};
    for (const [table, sql] of Object.entries(TABLES))
      tables[table] = (await client.query<Row>(sql, [executionId])).rows;
    const [execution] = tables['workflow_executions'] as MirrorRows['execution'][];
    if (execution === undefined) throw new Error(`The mirror has no execution ${executionId}`);
    return {
      execution,
      tasks: tables['task_executions'] as unknown as readonly TaskRow[],
      votes: tables['approval_votes'] as unknown as readonly VoteRow[],
      tables,
    };
  } finally {
    await client.end();
  }
}
