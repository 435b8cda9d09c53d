import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.drop();
});

const analyzeGrownTables = () =>
  connected(test.superuserUrl, async (client) => {
    await client.query('set role weft_engine');
    const { rows } = await client.query<{ names: string[] }>('select weft.analyze_grown_tables() as names');
    return rows[0]?.names ?? [];
  });

/** How a statement that is planned once finds an execution by its key, where other indexes offer an order beside. */
const wayOfLookup = () =>
  connected(test.superuserUrl, async (client) => {
    await client.query(`set plan_cache_mode = force_generic_plan; prepare find (text, text) as
      select e.status, w.name from weft.workflow_executions e
      left join weft.workflows w on w.tenant_id = e.tenant_id and w.id = e.workflow_id
      where e.tenant_id = $1 and e.id = $2`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute find ('default', 'e1')`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    return /(?:using (\S+) on|Seq Scan on) workflow_executions/.exec(plan)?.slice(0, 2);
  });

/** Executions `from` to `to`, each with an event. */
const add = (from: number, to: number) =>
  ask(
    test.superuserUrl,
    `insert into weft.workflow_executions (tenant_id, id, status, input)
       select 'default', 'e' || n, 'running', to_json(repeat('x', 100)) from generate_series(${from}, ${to}) n;
     insert into weft.execution_history (tenant_id, execution_id, event_key, event_type, created_at)
       select 'default', 'e' || n, repeat('k', 100), 'workflow_started', now() from generate_series(${from}, ${to}) n`,
  );

describe('tables that grow', () => {
  it('are left alone while they are small: PostgreSQL would read them whole from then on', async () => {
    await add(1, 20);
    expect(await analyzeGrownTables()).toEqual([]);
  });

  it('are analyzed, parents of months too, and lookups use the key from then on', async () => {
    await add(21, 1_000);
    const before = await wayOfLookup();
    const analyzed = await analyzeGrownTables();
    const then = await wayOfLookup();
    process.stdout.write(
      `analyzed ${analyzed.join(' ')}; a lookup by ${String(before?.[0])}, then ${String(then?.[0])}\n`,
    );
    expect(before?.[1]).not.toBe('workflow_executions_pkey');
    expect(then?.[1]).toBe('workflow_executions_pkey');
    expect(analyzed).toEqual([
      'execution_history',
      expect.stringMatching(/^execution_history_\d/),
      'workflow_executions',
    ]);
  });

  it('are analyzed again when they are four times as large', async () => {
    expect(await analyzeGrownTables()).toEqual([]);
    await add(1_001, 1_500);
    expect(await analyzeGrownTables()).toEqual([]);
    await add(1_501, 5_000);
    expect(await analyzeGrownTables()).toContain('workflow_executions');
  });
});
