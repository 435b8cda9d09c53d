import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMemory, readOrMakeSecrets, readState } from '../../src/dev/stack-state.ts';
import { temporaryDirectory } from './temporary.ts';

test('the secrets are private and the same at every start', async () => {
  const directory = temporaryDirectory();
  const first = await readOrMakeSecrets(directory);
  expect(await readOrMakeSecrets(directory)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(4);
  expect((await stat(join(directory, 'keys.json'))).mode & 0o777).toBe(0o600);
});

test('changes of the state add up, whatever their order of writing', async () => {
  const directory = temporaryDirectory();
  const memory = await openMemory(directory);
  await Promise.all([
    memory.remember({ ports: { api: 1 } }),
    memory.remember({ examples: { 'a.yaml': 'x' } }),
    memory.remember({ ports: { api: 2 } }),
  ]);
  expect(await readState(directory)).toEqual({ ports: { api: 2 }, examples: { 'a.yaml': 'x' } });
});
