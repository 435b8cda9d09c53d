import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase | undefined;
const url = () => test?.superuserUrl ?? '';
const as = (role: string, text: string) =>
  connected(url(), async (client) => {
    await client.query(`set role ${role}`);
    return (await client.query(text)).rows;
  });

beforeEach(async () => {
  await test?.drop();
  test = await createTestDatabase();
});
afterAll(async () => {
  await test?.drop();
});

describe('payloads of the past', () => {
  const cleanUp = async (rest = '') =>
    (await as('weft_engine', `select weft.cleanup_payloads(${rest})::int as deleted`))[0].deleted as number;
  const left = async () =>
    (await ask<{ id: string }>(url(), 'select id from weft.payloads order by id')).map(({ id }) => id);

  beforeEach(async () => {
    await ask(
      url(),
      `insert into weft.workflow_executions (tenant_id, id, status, authority, created_at, start_time, end_time)
        select 'default', id, status, 2, ago, ago, case status when 'success' then ago end
        from (values ('done', 'success'), ('open', 'running')) e (id, status), (select now() - interval '31 days') a (ago)`,
    );
    await ask(
      url(),
      `insert into weft.payloads (tenant_id, id, execution_id, hash, content, created_at)
      select t, t || ' ' || e || ' ' || d, e, sha256(convert_to('x' || d, 'utf8')), 'x', now() - make_interval(days => d)
      from unnest(array['default', 'other']) t, unnest(array['done', 'open', 'gone']) e, unnest(array[0, 40]) d`,
    );
  });

  it('go with their executions, after a day; again nothing more', async () => {
    expect(await cleanUp()).toBe(1 + 3);
    expect(await left()).toEqual([
      ...['done 0', 'done 40', 'gone 0', 'open 0', 'open 40'].map((name) => `default ${name}`),
      ...['done 0', 'gone 0', 'open 0'].map((name) => `other ${name}`),
    ]);
    expect(await cleanUp()).toBe(0);
    await as('weft_engine', 'select weft.archive_completed_workflows(30)');
    expect(await cleanUp()).toBe(1);
  });

  it('at most so many, and of one tenant', async () => {
    expect(await cleanUp('2')).toBe(2);
    expect(await cleanUp("null, 'default'")).toBeLessThanOrEqual(1);
    expect((await left()).filter((id) => id.startsWith('default'))).toHaveLength(5);
  });

  it('is refused to others', async () => {
    for (const role of ['weft_app', 'weft_readonly', 'weft_views'])
      await expect(as(role, 'select weft.cleanup_payloads()')).rejects.toMatchObject({ code: '42501' });
  });
});
