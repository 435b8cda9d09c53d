import { tmpdir } from 'node:os';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import { findKeyHolder, generateKey } from '../../src/store/keys.ts';
import { createEmptyDatabase } from '../stack/database.ts';
import { runWeft } from './run-weft.ts';

const LOGIN = `weft_cli_${process.pid}`;
const ADMIN_KEY = generateKey();
let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
let serviceUrl: string;
const migrate = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runWeft(['migrate', ...args], { cwd: tmpdir(), env: { DATABASE_URL: database.superuserUrl, ...env } });

beforeAll(async () => {
  database = await createEmptyDatabase();
  const url = new URL(database.superuserUrl);
  url.username = LOGIN;
  url.password = 'p%40ss';
  serviceUrl = url.href;
});
afterAll(async () => {
  await database.drop();
  // Logins belong to the server and outlive their database.
  const client = new Client({ connectionString: inject('weft').postgres.superuserUrl });
  await client.connect();
  await client.query(`drop role if exists ${LOGIN}`);
  await client.end();
});

it('brings an empty database up, makes the service login, lets the first key in; again changes nothing', async () => {
  const settings = { WEFT_SERVICE_URL: serviceUrl, WEFT_ADMIN_KEY: ADMIN_KEY };
  const first = await migrate(['up'], settings);
  expect(first.code).toBe(0);
  expect(first.err).toContain('applied 0001-');
  const again = await migrate([], settings);
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('up to date') });

  const store = createDatabase({ url: serviceUrl, name: 'test' });
  try {
    expect(await findKeyHolder(store, ADMIN_KEY)).toMatchObject({ username: 'admin', roles: ['admin'] });
  } finally {
    await store.close();
  }
});

it('tells where it is, and goes one step back only for who knows what that costs', async () => {
  const states = async () => {
    const { out } = await migrate(['status', '-o', 'json']);
    return (JSON.parse(out) as { appliedAt: string | null }[]).map(({ appliedAt }) => appliedAt !== null);
  };
  const before = await states();
  expect(new Set(before)).toEqual(new Set([true]));
  expect(await migrate(['down'])).toMatchObject({ code: 2, err: expect.stringContaining('--i-lose-data') });
  expect(await states()).toEqual(before);
  expect((await migrate(['down', '--i-lose-data'])).code).toBe(0);
  expect(await states()).toEqual([...before.slice(0, -1), false]);
});

it('is unavailable where nothing answers', async () => {
  expect((await migrate(['up'], { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/x' })).code).toBe(69);
});
