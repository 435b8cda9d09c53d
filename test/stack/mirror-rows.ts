import { Pool } from 'pg';

/** What the mirror holds of an execution, as SQL sees it. */
export type MirrorRows = {
  /** Path → status, in the order of the Plan. */
  readonly tasks: (execution: string) => Promise<{ readonly [path: string]: string }>;
  /** Status → how many tasks. */
  readonly counts: (execution: string) => Promise<{ readonly [status: string]: number }>;
  /** Everything of it that isn't over: tasks, attempts, approvals, waits for events. Empty once it has ended. */
  readonly open: (execution: string) => Promise<readonly string[]>;
  readonly query: (text: string, values?: readonly unknown[]) => Promise<any[]>;
  readonly close: () => Promise<void>;
};

export function readMirrorRows(superuserUrl: string): MirrorRows {
  const pool = new Pool({ connectionString: superuserUrl, max: 4 });
  const query = async (text: string, values: readonly unknown[] = []): Promise<any[]> =>
    (await pool.query(text, [...values])).rows;
  return {
    query,
    tasks: async (execution) => {
      const rows = await query(
        'select path, status from weft.task_executions where execution_id = $1 order by execution_order, path',
        [execution],
      );
      return Object.fromEntries(rows.map(({ path, status }) => [path, status]));
    },
    counts: async (execution) => {
      const rows = await query(
        'select status, count(*)::int as n from weft.task_executions where execution_id = $1 group by status order by 1',
        [execution],
      );
      return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
    },
    open: async (execution) => {
      const rows = await query(
        `select 'task ' || path || ' ' || status as what from weft.task_executions
           where execution_id = $1 and status in ('pending', 'running', 'waiting', 'retry')
         union all select 'attempt ' || path || ' ' || attempt from weft.task_attempts
           where execution_id = $1 and status = 'running'
         union all select 'approval ' || id from weft.approvals where execution_id = $1 and status = 'open'
         union all select 'event wait ' || path from weft.event_waits where execution_id = $1 and ended_at is null`,
        [execution],
      );
      return rows.map(({ what }) => what as string);
    },
    close: () => pool.end(),
  };
}
