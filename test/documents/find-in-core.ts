import coreKeys from './core-keys.json' with { type: 'json' };
import type { DocumentedConstraint, DocumentedIndex } from './documented-names.ts';
import type { Catalog, CoreIndex } from './read-catalog.ts';

type Place = { readonly table: string; readonly columns: readonly string[] };
const KEYS: {
  readonly [table: string]: { readonly core: string; readonly columns: { readonly [column: string]: string } };
} = coreKeys;

/**
 * The core's index that does what the documented one is for: the same columns come first after the tenant. Direction is
 * left out: a B-tree is read both ways. A GIN index has no tenant in front.
 */
export function findIndex(catalog: Catalog, schema: string, index: DocumentedIndex): CoreIndex | undefined {
  const place = placeOf(`${schema}.${index.table}`, index.on);
  if (place === undefined) return undefined;
  return catalog.indexes.find(
    (core) =>
      core.table === place.table &&
      (core.method === index.method || (index.method === 'ivfflat' && core.method === 'hnsw')) &&
      (!index.unique || core.unique) &&
      startsWith(withoutTenant(core.keys), place.columns) &&
      // What one document's function maps finds nothing for another's, but for ipa's, whose statuses are those of stratix.
      core.keys.every((key) =>
        [schema, 'weft', ...(schema === 'ipa' ? ['stratix'] : [])].includes(/^(\w+)\.\w+\(/.exec(key)?.[1] ?? schema),
      ) &&
      (core.where === null || isNarrower(index.where, core, place.columns)),
  );
}

/** The name of what keeps the documented constraint in the core. */
export function findConstraint(
  catalog: Catalog,
  table: string,
  { kind, columns }: DocumentedConstraint,
): string | undefined {
  const place = placeOf(table, columns);
  if (place === undefined) return undefined;
  switch (kind) {
    case 'primary key':
    case 'unique':
      return catalog.indexes.find((core) => {
        const keys = withoutTenant(core.keys);
        return core.unique && core.table === place.table && sameLength(keys, place) && startsWith(keys, place.columns);
      })?.name;
    case 'foreign key':
    case 'check':
      return catalog.constraints.find((core) => {
        if (core.kind !== kind || core.table !== place.table) return false;
        const its = withoutTenant(core.columns);
        return place.columns.every((column) => its.includes(column)) && (kind === 'check' || sameLength(its, place));
      })?.name;
  }
}

/** The core's table of a document's. */
export function coreTableOf(table: string): string | undefined {
  return KEYS[table]?.core;
}

/** Where a document's columns are in the core; an expression keeps its form, with the core's name for its column. */
function placeOf(documented: string, on: readonly string[]): Place | undefined {
  const entry = KEYS[documented];
  if (entry === undefined) return undefined;
  let table = entry.core;
  const columns = on.map((key) => {
    const column = /\w+(?=\)*$)/.exec(key)?.[0] ?? key;
    const mapped = (entry.columns[column] ?? column).split('.');
    if (mapped.length > 1) table = mapped[0]!;
    return key.replace(column, mapped.at(-1)!).toLowerCase();
  });
  return { table, columns };
}

function startsWith(keys: readonly string[], columns: readonly string[]): boolean {
  return columns.every((column, i) => keys[i] !== undefined && isKey(keys[i], column));
}

/** A mapped status is indexed by the function that maps it, a search by `to_tsvector` with its language said in full. */
function isKey(key: string, column: string): boolean {
  const word = /\w+(?=\)*$)/.exec(column)?.[0] ?? column;
  const isSearch = column.startsWith('to_tsvector');
  return key === column || (isSearch === key.includes('to_tsvector') && new RegExp(`\\w\\(.*\\b${word}\\b`).test(key));
}

/**
 * Whether whoever asks by the documented index also finds the core's: its condition is that one of its keys isn't null, which
 * is so for every value asked for, or speaks of nothing that the documented one doesn't speak of.
 */
function isNarrower(documented: string | undefined, core: CoreIndex, columns: readonly string[]): boolean {
  const notNull = /^\(?(\w+) IS NOT NULL\)?$/.exec(core.where ?? '')?.[1];
  if (notNull !== undefined && columns.includes(notNull)) return true;
  const words = core.where?.replaceAll(/'[^']*'(::\w+)?/g, '').match(/\b[a-z]\w*_\w+\b|\bstatus\b/g) ?? [];
  return documented !== undefined && words.every((word) => documented.includes(word));
}

function withoutTenant(columns: readonly string[]): readonly string[] {
  return columns.filter((column) => column !== 'tenant_id');
}

function sameLength(keys: readonly string[], place: Place): boolean {
  return keys.length === place.columns.length;
}
