import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, migrateDown, migrationStatus } from '../../src/migrate.ts';
import { createEmptyDatabase } from '../stack/database.ts';
import { ask, connected, createLogin } from './catalog.ts';

const DIRECTORY = join(import.meta.dirname, '../../migrations');

describe('the files', () => {
  it('that have landed never change', async () => {
    const hashes: Record<string, string> = {};
    for (const file of (await readdir(DIRECTORY)).sort())
      hashes[file] = createHash('sha256')
        .update(await readFile(join(DIRECTORY, file)))
        .digest('hex');
    // `-u` is for a new file: what a database has applied is not applied again.
    await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('hashes.json');
  });

  it('go in pairs, numbered without a gap', async () => {
    const files = await readdir(DIRECTORY);
    const ups = files.filter((file) => !file.endsWith('.down.sql')).sort();
    expect(files.filter((file) => file.endsWith('.down.sql')).sort()).toEqual(
      ups.map((file) => file.replace('.sql', '.down.sql')),
    );
    expect(ups.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]))).toEqual(ups.map((_, n) => n + 1));
  });
});

describe('migrating', () => {
  let databases: { readonly superuserUrl: string; readonly drop: () => Promise<void> }[];
  beforeAll(async () => {
    databases = await Promise.all([createEmptyDatabase(), createEmptyDatabase(), createEmptyDatabase()]);
  });
  afterAll(async () => {
    await Promise.all(databases.map(({ drop }) => drop()));
  });

  it('at once, twice in one database and in two of one cluster', async () => {
    const [a, b] = databases;
    const applied = await Promise.all([a!, a!, b!, b!].map(({ superuserUrl: url }) => migrate({ url })));
    const names = (await migrationStatus({ url: a!.superuserUrl })).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(5);
    expect([...applied[0]!, ...applied[1]!].sort()).toEqual(names);
    expect([...applied[2]!, ...applied[3]!].sort()).toEqual(names);
    expect(await migrate({ url: a!.superuserUrl })).toEqual([]);
  });

  it('down to nothing, and up to the same again', async () => {
    const url = databases[0]!.superuserUrl;
    const before = await shapeOf(url);
    const undone: string[] = [];
    for (let name = await migrateDown({ url }); name !== undefined; name = await migrateDown({ url }))
      undone.push(name);
    const status = await migrationStatus({ url });
    expect(undone).toEqual(status.map(({ name }) => name).reverse());
    expect(status.every(({ appliedAt }) => appliedAt === null)).toBe(true);
    expect(await ask(url, "select nspname from pg_namespace where nspname in ('weft', 'engine')")).toEqual([]);
    await migrate({ url });
    expect(await shapeOf(url)).toEqual(before);
  });

  it('one by one, and back to what was before each', { timeout: 240_000 }, async () => {
    const { superuserUrl: url, drop } = await createEmptyDatabase();
    const run = async (file: string) => {
      const text = await readFile(join(DIRECTORY, file), 'utf8');
      await connected(url, (client) => client.query(`begin; ${text}; commit`));
    };
    try {
      const [first, ...rest] = (await readdir(DIRECTORY)).filter((file) => !file.endsWith('.down.sql')).sort();
      await run(first!);
      const before: Awaited<ReturnType<typeof shapeOf>>[] = [];
      for (const file of rest) {
        before.push(await shapeOf(url));
        await run(file);
      }
      for (const file of rest.reverse()) {
        await run(file.replace('.sql', '.down.sql'));
        expect(await shapeOf(url), file).toEqual(before.pop());
      }
    } finally {
      await drop();
    }
  });

  it('by a login that is no superuser, but a member of weft_migrator', async () => {
    const { superuserUrl } = databases[2]!;
    const url = await createLogin(superuserUrl, 'weft_test_migrator', 'in role weft_migrator');
    try {
      const name = new URL(superuserUrl).pathname.slice(1);
      await ask(superuserUrl, `alter database ${name} owner to weft_test_migrator`);
      expect((await migrate({ url })).length).toBeGreaterThan(5);
      expect(await shapeOf(superuserUrl)).toEqual(await shapeOf(databases[1]!.superuserUrl));
    } finally {
      await ask(superuserUrl, 'reassign owned by weft_test_migrator to current_user');
      await ask(superuserUrl, 'drop owned by weft_test_migrator');
      await ask(superuserUrl, 'drop role weft_test_migrator');
    }
  });

  it('gives the name of the file that failed, and leaves nothing of it', async () => {
    const { superuserUrl: url, drop } = await createEmptyDatabase();
    try {
      await ask(url, 'create schema engine');
      await expect(migrate({ url })).rejects.toThrow(/0007-engine-views.*schema "engine" already exists/);
      const status = await migrationStatus({ url });
      expect(status.find(({ name }) => name === '0007-engine-views')?.appliedAt).toBeNull();
      expect(status.find(({ name }) => name === '0005-approvals')?.appliedAt).not.toBeNull();
      await ask(url, 'drop schema engine');
      expect((await migrate({ url }))[0]).toBe('0007-engine-views');
    } finally {
      await drop();
    }
  });
});

/** All that the migrations make, in words. */
async function shapeOf(url: string) {
  const list = async (text: string) => (await ask<{ line: string }>(url, text)).map(({ line }) => line).sort();
  const ours = `(select oid from pg_namespace where nspowner in ('weft_owner'::regrole, 'weft_views'::regrole))`;
  return {
    schemas: await list(
      `select concat_ws(' ', nspname, nspowner::regrole, nspacl) as line from pg_namespace where oid in ${ours}`,
    ),
    relations: await list(
      `select concat_ws(' ', oid::regclass, pg_get_userbyid(relowner), relacl, relrowsecurity, relforcerowsecurity, reloptions) as line
       from pg_class where relnamespace in ${ours}`,
    ),
    columns: await list(
      `select concat_ws(' ', c.oid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attacl, pg_get_expr(adbin, adrelid),
         col_description(c.oid, attnum)) as line
       from pg_class c join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
       left join pg_attrdef on adrelid = c.oid and adnum = attnum
       where relnamespace in ${ours} and relkind in ('r', 'p', 'v', 'm')`,
    ),
    views: await list(
      `select oid::regclass || pg_get_viewdef(oid) as line from pg_class where relnamespace in ${ours} and relkind in ('v', 'm')`,
    ),
    indexes: await list(
      `select pg_get_indexdef(indexrelid) as line from pg_index join pg_class on oid = indrelid where relnamespace in ${ours}`,
    ),
    constraints: await list(
      `select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
       where connamespace in ${ours}`,
    ),
    triggers: await list(`select pg_get_triggerdef(oid) as line from pg_trigger where not tgisinternal`),
    policies: await list(
      `select concat_ws(' ', schemaname, tablename, policyname, roles, cmd, qual, with_check) as line from pg_policies`,
    ),
    comments: await list(
      `select concat_ws(' ', o.identity, d.description) as line from pg_description d
       cross join pg_identify_object(d.classoid, d.objoid, 0) o
       where d.objsubid = 0 and (o.schema::regnamespace in (select oid from ${ours} n) or (o.type = 'schema' and d.objoid in ${ours}))`,
    ),
    functions: await list(
      `select pg_get_functiondef(oid) || coalesce(proacl::text, '') as line from pg_proc
       where pronamespace in ${ours} and prokind in ('f', 'p')`,
    ),
  };
}
