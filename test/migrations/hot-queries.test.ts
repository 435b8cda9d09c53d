import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from './catalog.ts';
import { HOT_QUERIES } from './hot-queries-list.ts';
import { fillForHotQueries } from './hot-queries-rows.ts';
import { createSqlSurface } from './sql-surface.ts';

type Node = {
  readonly 'Node Type': string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Node[];
};

const createSurface = () => createSqlSurface({ reader: { userId: 'system', tenant: 'default' } });
let surface: Awaited<ReturnType<typeof createSurface>>;
let rows: { readonly [table: string]: number };

/** Those that grow with every execution. All else is small enough to be read whole. */
const GROWING =
  /^(weft\.(workflow_executions|task_executions|task_attempts|execution_history|execution_logs|audit_logs)|weft_archive\.(executions|tasks))/;

const nodesOf = (node: Node): readonly Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const tableOf = (node: Node) => `${node.Schema ?? ''}.${node['Relation Name'] ?? ''}`;
const indexOf = (node: Node) =>
  node['Index Name'] && `${node['Node Type'] === 'Index Only Scan' ? 'only:' : ''}${node['Index Name']}`;

beforeAll(async () => {
  surface = await createSurface();
  await surface.createLogins();
  const start = Date.now();
  rows = await fillForHotQueries(surface.superuserUrl);
  const large = Object.entries(rows).filter(([, n]) => n > 1_000);
  process.stdout.write(`${large.map(([table, n]) => `${table} ${n}`).join(', ')}: made in ${Date.now() - start} ms\n`);
}, 300_000);
afterAll(async () => {
  await surface.drop();
});

describe.each(['a member of weft_app', 'an SQL login'])('%s uses indexes', (who) => {
  const explain = async (query: string, user = ''): Promise<Node> => {
    const text = `explain (format json, verbose) ${query}`;
    const { rows: plans } =
      who === 'an SQL login'
        ? await connected(surface.urlOf('reader'), (client) => client.query(text))
        : await surface.asService({ current_user_id: user }, (client) => client.query(text));
    return plans[0]['QUERY PLAN'][0].Plan;
  };

  it.each(HOT_QUERIES.filter(({ user }) => who === 'a member of weft_app' || user === undefined))(
    '$document $user $query',
    async ({ document, query, uses, user }) => {
      const nodes = nodesOf(await explain(query, user));
      const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map(tableOf);
      const used = nodes.map(indexOf).filter((index) => index !== undefined);
      process.stdout.write(
        `${document} ${query.replace(/\s+/g, ' ').slice(0, 90)} → ${[...new Set(used)].join(' ')}${
          scanned.length === 0
            ? ''
            : `; read whole: ${[...new Set(scanned)].map((table) => `${table} (${rows[table] ?? '?'})`).join(' ')}`
        }\n`,
      );
      // A partition or an archive without rows is read at once.
      expect(scanned.filter((table) => GROWING.test(table) && rows[table] !== 0)).toEqual([]);
      for (const index of uses)
        expect(used).toContainEqual(
          expect.stringMatching(new RegExp(`^${index.startsWith('only:') ? '' : '(only:)?'}(${index})$`)),
        );
    },
  );
});
