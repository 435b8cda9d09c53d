import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ensureTestServer } from '../../src/dev/temporal-binaries.ts';
import type { RunningWorker } from '../../src/start-worker.ts';
import { startWorker } from '../../src/start-worker.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import { planOf, runInputOf } from '../workflows/run-definition.ts';

const DEFINITION = `
tasks:
  - id: ok
    type: approval
    title: Still wanted?
    assignees: [boss]
    deadline: 90d
  - { id: after, type: set, vars: { done: true } }
output: "{% $tasks.ok.output.decidedBy %}"
`;

describe('an approval that waits 60 days, with skipped time', () => {
  let temporal: TestWorkflowEnvironment;
  let database: TestDatabase;
  let worker: RunningWorker;
  let sql: Client;

  beforeAll(async () => {
    temporal = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: await ensureTestServer() } },
    });
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.superuserUrl });
    await sql.connect();
    const config = readConfig({
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      WEFT_TASK_QUEUE: 'sixty-days',
      WEFT_LOG_LEVEL: 'error',
    });
    worker = await startWorker({ config });
  });
  afterAll(async () => {
    worker.stop();
    await worker.done;
    await sql.end();
    await database.drop();
    await temporal.teardown();
  });

  it('is open all that time, then approved; the mirror says when', async () => {
    const startedAt = await temporal.currentTimeMs();
    const run = runInputOf(planOf(DEFINITION));
    const handle = await temporal.client.workflow.start('sixty-days', {
      taskQueue: 'sixty-days',
      workflowId: 'e1',
      args: [{ ...run, execution: { ...run.execution, createdAt: new Date(startedAt).toISOString() } }],
    });
    await temporal.sleep('60 days');
    const waiting = await sql.query("select status, waiting_for from weft.workflow_executions where id = 'e1'");
    expect(waiting.rows).toMatchObject([{ status: 'running', waiting_for: [{ path: '/ok', kind: 'approval' }] }]);

    await handle.executeUpdate('decide', {
      args: [
        {
          approvalId: 'e1~ok',
          decision: 'approve',
          comment: null,
          data: null,
          actor: { id: 'boss', names: ['boss'], groups: [] },
          channel: 'api',
        },
      ],
    });
    expect(await handle.result()).toBe('boss');

    const { rows } = await sql.query(
      "select status, decided_by, extract(epoch from decided_at - created_at)::float / 86400 as days from weft.approvals where execution_id = 'e1'",
    );
    expect(rows).toMatchObject([{ status: 'approved', decided_by: 'boss' }]);
    expect(rows[0].days).toBeGreaterThanOrEqual(60);
    expect(rows[0].days).toBeLessThan(61);
    const execution = await sql.query("select status, authority from weft.workflow_executions where id = 'e1'");
    expect(execution.rows).toEqual([{ status: 'success', authority: 1 }]);
  });
});
