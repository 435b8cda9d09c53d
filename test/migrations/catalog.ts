import { Client } from 'pg';

type Row = { readonly [column: string]: unknown };

/** Runs `work` on a connection of its own. */
export async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The rows of one query on a connection of its own. */
export function ask<R extends Row>(url: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
  return connected(url, async (client) => (await client.query<R>(text, [...values])).rows);
}

/** Makes a login that may do nothing and gives its address. */
export async function createLogin(url: string, name: string, attributes: string): Promise<string> {
  await ask(url, `drop role if exists ${name}`);
  await ask(url, `create role ${name} login password 'test' ${attributes}`);
  return addressOf(url, name, 'test');
}

/** The same database with another login. */
export function addressOf(url: string, name: string, password: string): string {
  const address = new URL(url);
  address.username = name;
  address.password = password;
  return address.href;
}

/** Columns as `name type`, with `?` where null is allowed, by relation. */
export async function columnsOf(url: string, schema: string): Promise<{ readonly [relation: string]: string[] }> {
  const rows = await ask<{ relation: string; columns: string[] }>(
    url,
    `select c.relname as relation, array_agg(
       a.attname || ' ' || replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz')
       || case when a.attnotnull or c.relkind = 'v' then '' else '?' end order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
     group by 1`,
    [schema],
  );
  return Object.fromEntries(rows.map(({ relation, columns }) => [relation, columns]));
}
