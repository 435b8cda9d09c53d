import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLag } from '../../src/mirror/read-lag.ts';
import { listLastConfirmed, listOpenRuns, listUnconfirmedEnds } from '../../src/mirror/read-unconfirmed.ts';
import { findLeftBehind, findUntold } from '../../src/store/children.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { lockDue } from '../../src/store/pending-executions.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';

const WAITING = 50_000;
const PAGE = 50;
/** Rows read for a page: it itself, and what belongs to it. */
const MOST_READ = 2 * PAGE;

let database: TestDatabase;
let weft: Database;
let superuser: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  weft = createDatabase({ url: database.url, name: 'many waiting' });
  superuser = new Client({ connectionString: database.superuserUrl });
  await superuser.connect();
  await superuser.query(
    `insert into weft.workflow_executions (tenant_id, id, status, created_at, temporal_run_id, authority, ord)
     select 'default', 'e' || n, 'running', now() - n * interval '1 second', 'r' || n, 1, 1 from generate_series(1, $1::int) n`,
    [WAITING],
  );
  await superuser.query('vacuum analyze weft.workflow_executions');
}, 120_000);
afterAll(async () => {
  await superuser.end();
  await weft.close();
  await database.drop();
});

const ASKED_ALL_THE_TIME: { readonly [name: string]: (session: Session) => Promise<unknown> } = {
  lockDue: (session) => lockDue(session, PAGE, []),
  listOpenRuns: (session) => listOpenRuns(session, undefined, PAGE),
  'listOpenRuns, a later page': (session) =>
    listOpenRuns(session, { createdAt: new Date(Date.now() - (WAITING / 2) * 1_000).toISOString(), id: 'e' }, PAGE),
  listUnconfirmedEnds: (session) => listUnconfirmedEnds(session, PAGE),
  listLastConfirmed: (session) => listLastConfirmed(session, 10, PAGE),
  findUntold: (session) => findUntold(session, PAGE),
  findLeftBehind: (session) => findLeftBehind(session, PAGE),
  readLag: (session) => readLag(session),
};

it.each(Object.entries(ASKED_ALL_THE_TIME))(
  `what is asked every few seconds reads a page, however many wait: %s`,
  async (name, ask) => {
    // As often as it takes for PostgreSQL to settle on a plan.
    for (let time = 0; time < 7; time++) await askAndCount(ask);
    const before = await rowsRead();
    await askAndCount(ask);
    const read = (await rowsRead()) - before;
    process.stdout.write(`${name}: ${read} rows read of ${WAITING}\n`);
    expect(read).toBeLessThan(MOST_READ);
  },
);

it('the pages have everything that is open, once', async () => {
  const seen = new Set<string>();
  let after: { readonly createdAt: string; readonly id: string } | undefined;
  for (let pages = 0; pages < 20; pages++) {
    const page = await weft.asEngine((session) => listOpenRuns(session, after, PAGE));
    for (const { id } of page) seen.add(id);
    const last = page.at(-1);
    if (last) after = { createdAt: last.at, id: last.id };
  }
  expect(seen.size).toBe(20 * PAGE);
});

/** PostgreSQL counts what was read when it comes to it, unless it is told to. */
async function askAndCount(ask: (session: Session) => Promise<unknown>): Promise<void> {
  await weft.asEngine(async (session) => {
    await ask(session);
    await sql`select pg_stat_force_next_flush()`.execute(session);
  });
}

/** Of all that executions have been asked for so far. */
async function rowsRead(): Promise<number> {
  const { rows } = await superuser.query<{ n: string }>(
    `select seq_tup_read + (select sum(idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid) as n
     from pg_stat_user_tables t where relid = 'weft.workflow_executions'::regclass`,
  );
  return Number(rows[0]?.n);
}
