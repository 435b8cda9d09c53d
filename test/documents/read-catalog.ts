import { ask } from '../migrations/catalog.ts';

export type CoreIndex = {
  readonly table: string;
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly keys: readonly string[];
  readonly include: readonly string[];
  readonly where: string | null;
};
export type CoreConstraint = {
  readonly table: string;
  readonly name: string;
  readonly kind: 'check' | 'foreign key';
  readonly columns: readonly string[];
};

/** What there is beside tables and columns, as far as a document may name it. */
export type Catalog = {
  readonly indexes: readonly CoreIndex[];
  readonly constraints: readonly CoreConstraint[];
  /** `kind schema.name`, for a trigger or policy `kind schema.table.name`. */
  readonly names: ReadonlySet<string>;
  readonly enums: { readonly [name: string]: readonly string[] };
  /** `schema.table` and `schema.table.column`. */
  readonly comments: ReadonlySet<string>;
};

export async function readCatalog(url: string): Promise<Catalog> {
  const [indexes, constraints, names, enums, comments] = await Promise.all([
    ask<CoreIndex>(
      url,
      `select t.relname as table, i.relname as name, a.amname as method, x.indisunique as unique, x.indisprimary as primary,
         array(select pg_get_indexdef(i.oid, k, true) from generate_series(1, x.indnkeyatts) k) as keys,
         array(select pg_get_indexdef(i.oid, k, true) from generate_series(x.indnkeyatts + 1, x.indnatts) k) as include,
         pg_get_expr(x.indpred, x.indrelid, true) as "where"
       from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
       join pg_am a on a.oid = i.relam
       where t.relnamespace::regnamespace::text not in ('pg_catalog', 'pg_toast') and not t.relispartition`,
    ),
    ask<CoreConstraint>(
      url,
      `select c.conrelid::regclass::text as table, c.conname as name,
         case c.contype when 'c' then 'check' else 'foreign key' end as kind,
         array(select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any(c.conkey)
           order by array_position(c.conkey, a.attnum)) as columns
       from pg_constraint c where c.contype in ('c', 'f') and c.connamespace = 'weft'::regnamespace`,
    ),
    ask<{ name: string }>(
      url,
      `select 'view ' || c.oid::regclass::text as name
       from pg_class c where c.relkind in ('v', 'm')
       union all
       select case prokind when 'p' then 'procedure' else 'function' end || ' ' || pronamespace::regnamespace || '.' || proname
       from pg_proc
       union all
       select 'trigger ' || c.relnamespace::regnamespace || '.' || c.relname || '.' || tgname
       from pg_trigger join pg_class c on c.oid = tgrelid where not tgisinternal
       union all
       select 'policy ' || schemaname || '.' || tablename || '.' || policyname from pg_policies
       union all
       select 'partition ' || c.relnamespace::regnamespace || '.' || c.relname from pg_class c where c.relispartition`,
    ),
    ask<{ name: string; labels: string[] }>(
      url,
      `select t.typnamespace::regnamespace || '.' || t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
       from pg_enum e join pg_type t on t.oid = e.enumtypid group by 1`,
    ),
    ask<{ name: string }>(
      url,
      `select c.relnamespace::regnamespace || '.' || c.relname || coalesce('.' || a.attname, '') as name
       from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
       left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0`,
    ),
  ]);
  return {
    indexes,
    constraints: constraints.map((each) => ({ ...each, table: each.table.replace(/^weft\./, '') })),
    names: new Set(names.map(({ name }) => name.replaceAll('"', ''))),
    enums: Object.fromEntries(enums.map(({ name, labels }) => [name, labels])),
    comments: new Set(comments.map(({ name }) => name)),
  };
}
