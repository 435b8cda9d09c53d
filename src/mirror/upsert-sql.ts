import type { Upserted } from './mirror-table.ts';
import { greatestOf } from './mirror-table.ts';

/**
 * The statement that merges rows (one JSON array, each key once) into a table as `mergeRows` does.
 *
 * `field_orders` keeps what the columns can't show: the order of a group that is older than its row (or was given as
 * nothing but nulls, or never), the attempt of the row's order where a greater one is shown, and an end before the start.
 * Without `offset 0` PostgreSQL would write the inner queries out wherever they are used, and take twice as long.
 */
export function upsertSql(table: Upserted): string {
  const hasGroups = Object.keys(table.groups).length > 0;
  const columns = [...Object.keys(table.types), ...ORDER.filter((column) => !(column in table.types))];
  const target = hasGroups ? [...columns, 'field_orders'] : columns;
  const merged = target.filter((column) => !table.key.includes(column) && !table.constant.includes(column));
  return `
insert into weft.${table.name} as t (${target.join(', ')})
select ${target.map((column) => fromText(table, column)).join(', ')}
from json_to_recordset($1::json) as x(${target.map((column) => `${column} ${arrivingType(table, column)}`).join(', ')})
on conflict (${table.key.join(', ')}) do update set (${[...merged, ...table.touched].join(', ')}) = (
  select ${[...merged.map((column) => finalOf(table, column)), ...table.touched.map(() => 'now()')].join(', ')}
  from (select ${[`${isNewer(table)} as newer`, ...groupOrders(table)].join(', ')} offset 0) as f
  cross join lateral (select ${mergedColumns(table, merged).join(', ')} offset 0) as m
)
where ${[isNewer(table), ...otherChanges(table)].join('\n  or ')}`;
}

const ORDER = ['epoch', 'authority', 'ord', 'attempt', 'state_rank'];
const ORDER_TYPES: { readonly [column: string]: string } = {
  epoch: 'int',
  authority: 'smallint',
  ord: 'bigint',
  attempt: 'int',
  state_rank: 'smallint',
  field_orders: 'jsonb',
};

function typeOf(table: Upserted, column: string): string {
  return table.types[column] ?? ORDER_TYPES[column] ?? 'text';
}

/** JSON travels as text, which is made once per value. */
function arrivingType(table: Upserted, column: string): string {
  return isJson(table, column) ? 'text' : typeOf(table, column);
}

function fromText(table: Upserted, column: string): string {
  return isJson(table, column) ? `x.${column}::${typeOf(table, column)}` : `x.${column}`;
}

function isJson(table: Upserted, column: string): boolean {
  return ['json', 'jsonb'].includes(typeOf(table, column));
}

function orderedAttempt(table: Upserted, row: string): string {
  return table.showsGreatestAttempt
    ? `coalesce((${row}.field_orders->>'attempt')::int, ${row}.attempt)`
    : `${row}.attempt`;
}

function orderList(table: Upserted, row: string): string {
  return ORDER.map((part) => (part === 'attempt' ? orderedAttempt(table, row) : `${row}.${part}`)).join(', ');
}

function isNewer(table: Upserted): string {
  return `(${orderList(table, 't')}) < (${orderList(table, 'excluded')})`;
}

/** Arrays compare part by part, and the empty one is less than all. */
function givenAt(table: Upserted, group: string, columns: readonly string[], row: string): string {
  const shown = columns.map((column) => `${row}.${column}`).join(', ');
  return `coalesce(${row}.field_orders->'${group}',
    case when num_nonnulls(${shown}) = 0 then '[]' else jsonb_build_array(${orderList(table, row)}) end)`;
}

function groupOrders(table: Upserted): readonly string[] {
  return Object.entries(table.groups).flatMap(([group, columns]) => {
    const [before, now] = ['t', 'excluded'].map((row) => givenAt(table, group, columns, row));
    return [`${before} < ${now} as ${group}_newer`, `greatest(${before}, ${now}) as ${group}_at`];
  });
}

function otherChanges(table: Upserted): readonly string[] {
  return [
    ...Object.entries(table.groups).map(
      ([group, columns]) => `${givenAt(table, group, columns, 't')} < ${givenAt(table, group, columns, 'excluded')}`,
    ),
    ...table.least.map((column) => `least(t.${column}, excluded.${column}) is distinct from t.${column}`),
    ...greatestOf(table).map((column) => `greatest(t.${column}, excluded.${column}) is distinct from t.${column}`),
  ];
}

function mergedColumns(table: Upserted, merged: readonly string[]): readonly string[] {
  const either = (before: string, now: string, name: string, when = 'newer') =>
    `case when f.${when} then ${now} else ${before} end as ${name}`;
  const groupOf = new Map(Object.entries(table.groups).flatMap(([group, names]) => names.map((name) => [name, group])));
  const plain = merged
    .filter((column) => column !== 'field_orders' && column !== 'end_time')
    .map((column) => {
      if (table.least.includes(column)) return `least(t.${column}, excluded.${column}) as ${column}`;
      if (greatestOf(table).includes(column)) return `greatest(t.${column}, excluded.${column}) as ${column}`;
      const group = groupOf.get(column);
      return either(`t.${column}`, `excluded.${column}`, column, group === undefined ? 'newer' : `${group}_newer`);
    });
  if (!merged.includes('end_time')) return plain;
  const end = (row: string) =>
    merged.includes('field_orders')
      ? `coalesce(to_timestamp((${row}.field_orders->>'end')::bigint / 1000.0), ${row}.end_time)`
      : `${row}.end_time`;
  const attempt = either(orderedAttempt(table, 't'), orderedAttempt(table, 'excluded'), 'ordered_attempt');
  return [...plain, either(end('t'), end('excluded'), 'own_end'), attempt];
}

function finalOf(table: Upserted, column: string): string {
  if (column === 'end_time') return 'case when m.own_end < m.start_time then m.start_time else m.own_end end';
  if (column !== 'field_orders') return `m.${column}`;
  const order = 'jsonb_build_array(m.epoch, m.authority, m.ord, m.ordered_attempt, m.state_rank)';
  const fields = Object.entries(table.groups).map(([group, columns]) => {
    const shown = columns.map((name) => `m.${name}`).join(', ');
    const implied = `case when num_nonnulls(${shown}) = 0 then '[]' else ${order} end`;
    return `'${group}', case when f.${group}_at <> ${implied} then f.${group}_at end`;
  });
  return `nullif(jsonb_strip_nulls(jsonb_build_object(${[
    ...fields,
    `'attempt', case when m.ordered_attempt <> m.attempt then m.ordered_attempt end`,
    `'end', case when m.own_end < m.start_time then (extract(epoch from m.own_end) * 1000)::bigint end`,
  ].join(', ')})), '{}')`;
}
