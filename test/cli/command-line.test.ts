import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { describeSettings } from '../../src/config.ts';
import { runWeft } from './run-weft.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'weft-cli-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const NOWHERE = { WEFT_URL: 'http://127.0.0.1:1', WEFT_KEY: 'k' };

describe('a command line', () => {
  it.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['shwo', 'x'], 'Did you mean show?'],
    [['run'], "missing required argument 'workflow'"],
    [['ls', '--status', 'odd'], "argument 'odd' is invalid"],
    [['ls', '--limit', 'many'], 'no whole number'],
    [['watch', 'x', '--timeout', 'soon'], 'no duration such as 30s'],
    [['ls', '--output', 'xml'], 'Allowed choices are table, json, jsonl'],
    [['migrate', 'sideways'], 'Allowed choices are up, down, status'],
    [['migrate', 'down'], 'DATABASE_URL is not set'],
    [['apply', 'missing.yaml'], "missing.yaml can't be read"],
    [['run', 'hello', '--input', '{'], '--input is not JSON'],
    [['events', 'send', 'x', '--data', '{'], '--data is not JSON'],
    [['run', 'hello', '--input', '@missing.json'], "missing.json can't be read"],
  ])('%j is a wrong use', async (args, says) => {
    const { code, out, err } = await runWeft(args, { cwd, env: NOWHERE });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
  });

  it('migrate down wants to hear that data is lost', async () => {
    const env = { DATABASE_URL: inject('weft').postgres.superuserUrl };
    const { code, err } = await runWeft(['migrate', 'down'], { cwd, env });
    expect(code).toBe(2);
    expect(err).toContain('--i-lose-data');
  });

  it('a bad setting is a wrong use, and named', async () => {
    const { code, err } = await runWeft(['ls'], { cwd, env: { WEFT_URL: 'ftp://x' } });
    expect(code).toBe(2);
    expect(err).toContain('WEFT_URL');
  });

  it('help names every setting', async () => {
    const { out } = await runWeft(['--help'], { cwd });
    expect(describeSettings().filter(({ name }) => !out.includes(name))).toEqual([]);
    expect(out).toMatch(/WEFT_PORT .*\(default 8700\)/);
  });

  it('help is no error', async () => {
    const { code, out, err } = await runWeft(['run', '--help'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('--correlation-id');
  });
});

describe('where the API is', () => {
  const stack = (port: number) =>
    JSON.stringify({ api: `http://127.0.0.1:${port}`, key: 'developers', managerKey: 'managers' });

  it('is said to be unavailable where there is none', async () => {
    const { code, err } = await runWeft(['ls'], { cwd });
    expect(code).toBe(69);
    expect(err).toContain('weft dev');
  });

  it('is found upwards, in the nearest .weft', async () => {
    const inner = path.join(cwd, 'a', 'b', 'c');
    mkdirSync(path.join(cwd, 'a', '.weft'), { recursive: true });
    mkdirSync(inner, { recursive: true });
    writeFileSync(path.join(cwd, 'a', '.weft', 'ready.json'), stack(1));
    expect(await runWeft(['ls'], { cwd: inner })).toMatchObject({
      code: 69,
      err: expect.stringContaining('127.0.0.1:1.'),
    });
  });

  it('is that of --stack', async () => {
    mkdirSync(path.join(cwd, 'data'));
    writeFileSync(path.join(cwd, 'data', 'ready.json'), stack(2));
    const found = await runWeft(['ls', '--stack', 'data'], { cwd });
    expect(found).toMatchObject({ code: 69, err: expect.stringContaining('127.0.0.1:2.') });
  });

  it('never shows the local key to another address', async () => {
    const { code, err } = await runWeft(['ls', '--stack', 'data'], { cwd, env: { WEFT_URL: 'http://127.0.0.1:3' } });
    expect(code).toBe(2);
    expect(err).toContain('WEFT_KEY');
  });
});

describe('sql', () => {
  const env = { DATABASE_URL: inject('weft').postgres.superuserUrl };
  const sql = (args: readonly string[], stdin?: string) =>
    runWeft(['sql', ...args], { cwd, env, ...(stdin === undefined ? {} : { stdin }) });

  it('prints a table', async () => {
    const { code, out } = await sql([`select 1 as number, null as nothing, '{"a":[1]}'::jsonb as json, true as yes`]);
    expect(code).toBe(0);
    expect(out).toBe('number  nothing  json       yes\n1                {"a":[1]}  true\n');
  });

  it('keeps what a number of JavaScript would lose', async () => {
    const { out } = await sql([
      `select 9007199254740993 as big, 7::int8 as small, '2026-01-02 03:04:05.678901Z'::timestamptz at time zone 'UTC' as at`,
      '-o',
      'jsonl',
    ]);
    expect(JSON.parse(out)).toEqual({ big: '9007199254740993', small: 7, at: '2026-01-02 03:04:05.678901' });
  });

  it('runs what comes in', async () => {
    const { code, out, err } = await sql(
      ['-o', 'jsonl'],
      'create temp table t (a int);\ninsert into t values (1), (2);\nselect * from t;\n',
    );
    expect({ code, out }).toEqual({ code: 0, out: '{"a":1}\n{"a":2}\n' });
    expect(err).toBe('CREATE\nINSERT 2\n');
  });

  it.each([
    ['select\n frob from pg_class', 2, '2:2 42703 column "frob" does not exist'],
    ['set role weft_nobody', 2, '22023'],
  ])('%j fails and says where', async (query, code, says) => {
    expect(await sql([query])).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
  });

  it('is unavailable where nothing answers', async () => {
    const away = { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/x' };
    expect((await runWeft(['sql', 'select 1'], { cwd, env: away })).code).toBe(69);
  });
});
