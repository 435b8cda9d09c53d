import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildBundle } from '../../src/build/bundle.ts';

const project = join(import.meta.dirname, '../..');

test('the bundle is made once for the same inputs, and holds the expressions', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'weft-bundle-'));
  const file = join(directory, 'workflows.js');
  try {
    expect(await buildBundle(project, file)).toBe(true);
    const { mtimeMs } = await stat(file);
    expect(await buildBundle(project, file)).toBe(false);
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    const code = await readFile(file, 'utf8');
    expect(code).toContain('The expression takes too many steps');
    expect(code).not.toMatch(/require\("(node:|fs|crypto)/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
