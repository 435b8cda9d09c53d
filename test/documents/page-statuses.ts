import { ask } from '../migrations/catalog.ts';
import { table } from './markdown-table.ts';

type Function = { readonly schema: string; readonly name: string; readonly arguments: readonly string[] };

/** A word of the function's name → the column of the core whose values it maps; the first that fits. */
const MAPPED: readonly (readonly [RegExp, string, string])[] = [
  [/agent_execution|code_execution/, 'agent_executions', 'status'],
  [/execution|instance|log_status|run/, 'workflow_executions', 'status'],
  [/task|step|node/, 'task_executions', 'status'],
  [/workflow/, 'workflows', 'status'],
  [/agent/, 'agents', 'status'],
  [/level/, 'execution_logs', 'level'],
  [/action/, 'audit_logs', 'action'],
];

/** What each document calls the core's statuses, asked of the functions that its views use. */
export async function statusSection(url: string, schemas: readonly string[]): Promise<string> {
  const functions = await ask<Function>(
    url,
    `select pronamespace::regnamespace::text as schema, proname as name, coalesce(proargnames[1:pronargs], array_fill(''::text, array[pronargs])) as arguments
     from pg_proc where pronamespace::regnamespace::text = any($1) and provolatile = 'i' and prorettype = 'text'::regtype
       and proname ~ '(status|level|action)_of$' and proargtypes[0] = 'text'::regtype order by 2, 1`,
    [schemas],
  );
  const parts: string[] = [];
  for (const [, core, column] of MAPPED) {
    const its = functions.filter(({ name }) => MAPPED.find(([word]) => word.test(name))?.[1] === core);
    if (its.length === 0) continue;
    const values = await valuesOf(url, core, column);
    const heads = [`${core}.${column}`, ...its.map(({ schema, name }) => `${schema}.${name}`)];
    const rows = await Promise.all(
      values.map(async (value) => [value, ...(await Promise.all(its.map((each) => call(url, each, value, null))))]),
    );
    const again = its.some(({ arguments: names }) => names.includes('redrive_of'))
      ? [['pending, of a redrive', ...(await Promise.all(its.map((each) => call(url, each, 'pending', 'x'))))]]
      : [];
    parts.push(table(heads, [...rows, ...again]));
  }
  return `## Statuses\n\n${parts.join('\n')}`;
}

async function call(
  url: string,
  { schema, name, arguments: names }: Function,
  value: string,
  redriveOf: string | null,
) {
  const values = names.map((argument) =>
    argument === 'redrive_of' ? redriveOf : argument === names[0] ? value : null,
  );
  const places = values.map((_, i) => `$${i + 1}`).join(', ');
  const [row] = await ask<{ said: string | null }>(url, `select ${schema}.${name}(${places}) as said`, values);
  return row?.said ?? '';
}

/** The values that the column's CHECK allows, in its order. */
async function valuesOf(url: string, core: string, column: string): Promise<readonly string[]> {
  const [row] = await ask<{ definition: string }>(
    url,
    `select pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'c' and conrelid = ('weft.' || $1)::regclass
       and conkey = array[(select attnum from pg_attribute where attrelid = conrelid and attname = $2)]
       and pg_get_constraintdef(oid) ~ 'ANY'`,
    [core, column],
  );
  return [...(row?.definition ?? '').matchAll(/'([^']*)'/g)].map((match) => match[1]!);
}
