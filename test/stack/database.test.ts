import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from './database.ts';

async function count(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('set role weft_engine');
    return (await client.query('select count(*)::int as n from weft.users')).rows[0];
  } finally {
    await client.end();
  }
}

test('test databases are migrated, apart from each other, and open to the service login', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const superuser = new Client({ connectionString: first.superuserUrl });
  await superuser.connect();
  const before = await count(second.url);
  await superuser.query('set role weft_engine');
  await superuser.query(
    "insert into weft.users (tenant_id, email, username, name) values ('default', 'a@b.cd', 'ada', 'Ada')",
  );
  expect(await count(first.url)).not.toEqual(before);
  expect(await count(second.url)).toEqual(before);
  await superuser.end();
  await Promise.all([first.drop(), second.drop()]);
  await expect(count(first.url)).rejects.toThrow('does not exist');
});
