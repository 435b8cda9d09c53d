import { Client } from 'pg';
import type { QueryResult } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claims } from './run-claims.ts';
import { runClaims } from './run-claims.ts';
import file from './statements.json' with { type: 'json' };

type Statement = {
  readonly document: string;
  /** The only one on the search path. */
  readonly schema: string;
  readonly section: string;
  readonly text: string;
  readonly form: 'as is' | 'rewritten' | 'not here';
  /** What runs instead of `text`. */
  readonly here?: string;
  readonly reason?: string;
  readonly rows?: 'some' | 'none';
  /** Who runs it, where it isn't a login of one tenant. */
  readonly as?: string;
};
const STATEMENTS = file.statements as readonly Statement[];
const runs = STATEMENTS.filter(({ form }) => form !== 'not here');
let claims: Claims;

beforeAll(async () => {
  claims = await runClaims('weft_test_statements');
});
afterAll(async () => {
  await claims.stop();
});

it('says what is rewritten, and what is not here, with the reason', () => {
  const others = STATEMENTS.filter(({ form }) => form !== 'as is');
  expect(others.filter(({ reason }) => !reason)).toEqual([]);
  expect(STATEMENTS.filter(({ form, here }) => (form === 'rewritten') !== (here !== undefined))).toEqual([]);
  const lines = others.map(
    ({ document, section, form, text, reason }) => `  ${document} ${section}, ${form}: ${shorten(text)}: ${reason}`,
  );
  const blocks = file.blocks.map(
    ({ document, section, language, reason }) => `  ${document} ${section}, ${language}: ${reason}`,
  );
  process.stdout.write(
    `Of ${STATEMENTS.length} example statements ${STATEMENTS.length - others.length} run as they are:\n` +
      `${[...lines, ...blocks].join('\n')}\n`,
  );
});

describe('runs', () => {
  // In the order of the documents: an instance is started by the definition that was inserted before it.
  it.each(runs.map((each) => [`${each.document} ${shorten(each.text)}`, each] as const))('%s', async (_, statement) => {
    const results = await run(statement);
    const rows = results.findLast(({ command }) => command === 'SELECT')?.rows.length ?? 0;
    if (statement.rows === 'some') expect(rows).toBeGreaterThan(0);
    if (statement.rows === 'none') expect(rows).toBe(0);
  });
});

it('what the example starts has run', async () => {
  const read = { ...runs[0]!, schema: 'stratix', form: 'as is', rows: 'some' } as const;
  const status = await claims.weft.until('wi-001 has ended', async () => {
    const [result] = await run({ ...read, text: "SELECT status FROM workflow_instances WHERE id = 'wi-001'" });
    return result?.rows[0]?.status !== 'pending' && result?.rows[0]?.status !== 'running' && result?.rows[0]?.status;
  });
  expect(status).toBe('completed');
});

async function run({ schema, text, here, as: role }: Statement): Promise<readonly QueryResult[]> {
  const client = new Client({ connectionString: role === undefined ? claims.url : claims.weft.superuserUrl });
  await client.connect();
  try {
    if (role !== undefined) await client.query(`set app.tenant = 'default'; set role ${role}`);
    // A schema that isn't there would be passed over in silence.
    await client.query(`select '${schema}'::regnamespace; set search_path = ${schema}`);
    return [await client.query(here ?? text)].flat();
  } finally {
    await client.end();
  }
}

function shorten(text: string): string {
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`;
}
