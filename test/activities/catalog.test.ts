import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { builtIn, checkCatalog, describeCatalog, loadCatalog } from '../../activities/catalog.ts';
import { defineExecutor } from '../../activities/define-executor.ts';

const executor = (name: string) =>
  defineExecutor({
    name,
    description: 'x',
    input: z.strictObject({ a: z.string().default('b') }),
    run: () => Promise.resolve(null),
  });

describe('catalog', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'weft-catalog-'));
    const one = "{ name: 'one', description: '', input: { safeParse() {} }, run() {} }";
    await writeFile(join(directory, 'list.mjs'), `export const all = [${one}]; export default all;`);
    await writeFile(join(directory, 'none.mjs'), 'export const nothing = 1;');
    await writeFile(join(directory, 'broken.mjs'), 'throw new Error("at import");');
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('holds the built-in executors and those of the modules', async () => {
    const catalog = await loadCatalog(['./examples/executors/index.ts', join(directory, 'list.mjs')]);
    const names = catalog.map(({ name }) => name);
    expect(names.sort()).toEqual(['flaky', 'greet', 'http', 'log', 'notify', 'one', 'transform']);
  });

  it.each([
    ['none.mjs', /none\.mjs' exports no executor/],
    ['broken.mjs', /broken\.mjs' can't be loaded: Error: at import/],
    ['missing.mjs', /missing\.mjs' can't be loaded/],
  ])('%s stops the start and is named', async (name, message) => {
    await expect(loadCatalog([join(directory, name)])).rejects.toThrow(message);
  });

  it('refuses two of one name and names that a definition cannot use', () => {
    expect(() => checkCatalog([...builtIn, executor('http')])).toThrow("two executors 'http'");
    expect(() => checkCatalog([executor('My Executor')])).toThrow("'My Executor' is no name");
  });

  it('describes what each takes as JSON Schema', () => {
    const described = describeCatalog([...builtIn, executor('mine')]);
    expect(described.find(({ name }) => name === 'http')).toMatchObject({
      local: false,
      defaults: { timeout: '30s' },
      inputSchema: { type: 'object', required: ['url'], additionalProperties: false },
    });
    expect(described.find(({ name }) => name === 'transform')).toMatchObject({ local: true });
    expect(described.find(({ name }) => name === 'mine')?.inputSchema).not.toHaveProperty('required');
  });
});
