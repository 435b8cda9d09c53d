import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsOf } from '../migrations/catalog.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { accepts } from './accepted-columns.ts';
import type { DocumentedSchema } from './documented-names.ts';
import exceptions from './exceptions.json' with { type: 'json' };
import { coreTableOf, findConstraint, findIndex } from './find-in-core.ts';
import names from './names.json' with { type: 'json' };
import { readCatalog } from './read-catalog.ts';
import type { Catalog } from './read-catalog.ts';

const SCHEMAS = names as unknown as readonly DocumentedSchema[];
const REASONS: { readonly [name: string]: string } = exceptions;
const PLURAL = { trigger: 'triggers', policy: 'policies', partition: 'partitions' } as const;
const used = new Set<string>();
const counts: string[] = [];
let database: TestDatabase;
let catalog: Catalog;
let columns: { readonly [schema: string]: { readonly [relation: string]: readonly string[] } };

beforeAll(async () => {
  database = await createTestDatabase();
  catalog = await readCatalog(database.superuserUrl);
  const there = SCHEMAS.map(({ schema }) => schema);
  const pairs = there.map(async (schema) => {
    const found = await columnsOf(database.superuserUrl, schema).catch(() => ({}));
    return [schema, found] as const;
  });
  columns = Object.fromEntries(await Promise.all(pairs));
});
afterAll(async () => {
  await database.drop();
  process.stdout.write(`The five documents name ${counts.join(', ')}.\n`);
});

const everyTable = SCHEMAS.flatMap(({ schema, enums, tables }) =>
  tables.map((table) => ({ ...table, schema, full: `${schema}.${table.name}`, enums: Object.keys(enums) })),
);
/** What is neither there nor answered by a reason. */
function count(what: string, entries: readonly { readonly name: string; readonly isThere: boolean }[]): string[] {
  const present = entries.filter(({ isThere }) => isThere).length;
  const answered = entries.filter(({ name, isThere }) => !isThere && REASONS[name] !== undefined);
  for (const { name } of answered) used.add(name);
  const missing = entries.filter(({ name, isThere }) => !isThere && REASONS[name] === undefined);
  counts.push(
    `${entries.length} ${what} (present ${present}, answered otherwise ${answered.length}` +
      (missing.length === 0 ? ')' : `, MISSING ${missing.length})`),
  );
  return missing.map(({ name }) => name);
}

describe('tables and columns', () => {
  it('46 tables, 42 of them defined or described and 4 only listed, and ipa.events', () => {
    const listed = everyTable.filter(({ from }) => from === 'listed').map(({ full }) => full);
    expect(everyTable).toHaveLength(46);
    expect(listed.sort()).toEqual([
      'code_db.code_outputs',
      'persona_db.persona_templates',
      'workflow_db.workflow_edges',
      'workflow_db.workflow_nodes',
    ]);
    const missing = everyTable.filter(({ schema, name }) => columns[schema]?.[name] === undefined);
    const hasEvents = catalog.names.has('view ipa.events');
    counts.push(`${everyTable.length - missing.length} of 46 tables and ${hasEvents ? 'ipa.events' : 'no ipa.events'}`);
    expect(missing.map(({ full }) => full)).toEqual([]);
    expect(hasEvents).toBe(true);
  });

  it('every column, in the order of the document, with a type that holds as much', () => {
    const wrong: string[] = [];
    const widened: string[] = [];
    for (const { full, schema, name, from, columns: documented, enums } of everyTable) {
      const actual = (columns[schema]?.[name] ?? []).map((column) => column.replace(/\?$/, ''));
      const typeOf = new Map(actual.map((column) => /^(\S+) (.*)$/.exec(column)!.slice(1) as [string, string]));
      for (const [column, type] of Object.entries(documented)) {
        const its = typeOf.get(column);
        if (its === undefined) wrong.push(`${full}.${column} is missing`);
        else if (!accepts(type, its, column, enums)) wrong.push(`${full}.${column} is ${its}, documented ${type}`);
        else if (/^INT/.test(type) && its !== 'integer') widened.push(`${full}.${column}`);
      }
      if (actual.length === 0 || from !== 'create table') continue;
      const order = [...typeOf.keys()].filter((column) => column in documented);
      if (order.join() !== Object.keys(documented).join()) wrong.push(`${full} has another order: ${order.join(', ')}`);
    }
    const total = everyTable.flatMap(({ columns: documented }) => Object.keys(documented)).length;
    counts.push(`${total} columns (${wrong.length} wrong, ${widened.length} integers of another width)`);
    expect(wrong).toEqual([]);
  });

  it('a comment where the document has one, and on every other table and column', () => {
    const documented = SCHEMAS.flatMap(({ schema, comments }) => comments.map((on) => `${schema}.${on}`));
    const all = everyTable.flatMap(({ full, columns: its }) => [
      full,
      ...Object.keys(its).map((column) => `${full}.${column}`),
    ]);
    expect(documented.filter((on) => !all.includes(on))).toEqual([]);
    const without = all.filter((on) => !catalog.comments.has(on));
    counts.push(`${documented.length} comments (of ${all.length} tables and columns ${without.length} have none)`);
    expect(without).toEqual([]);
  });
});

describe('everything else', () => {
  it('enum types with their labels', () => {
    const enums = SCHEMAS.flatMap(({ schema, enums: types }) =>
      Object.entries(types).map(([name, labels]) => [`${schema}.${name}`, labels] as const),
    );
    counts.push(`${enums.length} enums`);
    expect(catalog.enums).toMatchObject(Object.fromEntries(enums));
  });

  it('indexes', () => {
    const indexes = SCHEMAS.flatMap(({ schema, indexes: its }) =>
      its.map((index) => ({
        name: `${schema}.${index.table}: index ${index.name}`,
        isThere: findIndex(catalog, schema, index) !== undefined,
      })),
    );
    expect(count('indexes', indexes)).toEqual([]);
  });

  it('constraints', () => {
    const constraints = everyTable.flatMap(({ full, constraints: its }) =>
      its.map((constraint) => ({
        name: `${full}: ${constraint.kind} ${constraint.name ?? `(${constraint.columns.join(', ')})`}`,
        isThere: findConstraint(catalog, full, constraint) !== undefined,
      })),
    );
    expect(count('constraints', constraints)).toEqual([]);
  });

  it.each(['view', 'function', 'procedure'] as const)('every %s', (kind) => {
    const entries = SCHEMAS.flatMap((each) =>
      each[`${kind}s`].map((name) => ({
        name: `${each.schema}: ${kind} ${name}`,
        // A name without quotes is in small letters.
        isThere: (kind === 'function' ? [each.schema, 'weft'] : [each.schema]).some((schema) =>
          catalog.names.has(`${kind} ${schema}.${name.toLowerCase()}`),
        ),
      })),
    );
    expect(count(`${kind}s`, entries)).toEqual([]);
  });

  it.each(['trigger', 'policy', 'partition'] as const)('every %s', (kind) => {
    const entries = SCHEMAS.flatMap((each) =>
      each[PLURAL[kind]].map(({ name, table }) => {
        const full = `${each.schema}.${table}`;
        const places = kind === 'partition' ? ['weft'] : [full, `weft.${coreTableOf(full)}`];
        return {
          name: `${full}: ${kind} ${name}`,
          isThere: places.some((place) => catalog.names.has(`${kind} ${place}.${name}`)),
        };
      }),
    );
    expect(count(PLURAL[kind], entries)).toEqual([]);
  });

  it('no reason is given for what is there', () => {
    expect(Object.keys(REASONS).filter((name) => !used.has(name))).toEqual([]);
  });
});
