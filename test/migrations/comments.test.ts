import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** Schemas of ours, and what an extension put into one left out. */
const ours = `(select oid from pg_namespace where nspowner in ('weft_owner'::regrole, 'weft_views'::regrole))`;
const notOfAnExtension = (catalog: string, oid: string) =>
  `not exists (select from pg_depend where classid = '${catalog}'::regclass and objid = ${oid} and deptype = 'e')`;
const relations = `from pg_class c where c.relnamespace in ${ours} and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  and ${notOfAnExtension('pg_class', 'c.oid')}`;

const KINDS: { readonly [kind: string]: string } = {
  schema: `select nspname as name, obj_description(oid, 'pg_namespace') as comment from pg_namespace where oid in ${ours}`,
  'table and view': `select c.oid::regclass::text as name, obj_description(c.oid, 'pg_class') as comment ${relations}`,
  column: `select c.relation || '.' || a.attname as name, col_description(c.oid, a.attnum) as comment
    from (select c.oid, c.oid::regclass::text as relation ${relations}) c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`,
  'function and procedure': `select p.oid::regprocedure::text as name, obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p where p.pronamespace in ${ours} and ${notOfAnExtension('pg_proc', 'p.oid')}`,
};

it.each(Object.entries(KINDS))('every %s says what its name does not', async (_, query) => {
  const found = await ask<{ name: string; comment: string | null }>(database.superuserUrl, query);
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ comment }) => comment === null || comment.trim() === '').map(({ name }) => name)).toEqual([]);
});
