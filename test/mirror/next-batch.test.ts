import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TaskFact } from '../../src/mirror/record.ts';
import type { Writer } from '../../src/mirror/writer.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import type { Database } from '../../src/store/database.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import { until } from '../stack/until.ts';
import { addSystemUser } from './read-mirror.ts';

let place: TestDatabase;
let database: Database;
let client: Client;
let writer: Writer;

beforeAll(async () => {
  place = await createTestDatabase();
  database = createDatabase({ url: place.url, name: 'test' });
  client = new Client({ connectionString: place.superuserUrl });
  await client.connect();
  await addSystemUser(client, 'default');
  writer = createWriter(database, { batchFacts: 10 });
});
afterAll(async () => {
  await client.end();
  await writer.close();
  await database.close();
  await place.drop();
});

function taskFact(path: string, ord = 1): TaskFact {
  const subject = { tenant: 'default', executionId: 'e', executionCreatedAt: '2026-01-01T00:00:00.000Z' };
  const task = { path, taskId: path.slice(1), type: 'executor', dependencies: [], order: 0 };
  const order = { epoch: 0, authority: 0, ord, attempt: 1, stateRank: 4 } as const;
  const rest = { retryCount: 0, maxRetries: null, local: false, startedAt: 1, endedAt: 2 };
  return { ...subject, ...order, ...rest, kind: 'task', task, status: 'success' };
}

it('the next batch is made while one is written, and loses nothing when its execution is gone before its turn', async () => {
  await writer.recordAndWait([taskFact('/a', 0)], 5_000);
  await client.query('begin');
  await client.query(`select from weft.task_executions where execution_id = 'e' for update`);
  writer.record([taskFact('/a')]);
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await until('the first waits for the lock', async () => (await client.query(blocked)).rowCount === 1);
  for (let index = 0; index < 10; index++) writer.record([taskFact(`/more[${index}]`)]);
  expect(writer.queued()).toBe(11);
  await client.query(`delete from weft.workflow_executions where id = 'e'`);
  await client.query('commit');
  await writer.flush();
  const { rows } = await client.query(`select from weft.task_executions where execution_id = 'e'`);
  expect(rows).toHaveLength(11);
  expect(writer.stats()).toMatchObject({ dropped: 0, poisoned: 0, queued: 0 });
});
