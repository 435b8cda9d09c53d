import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { recordings } from './recordings.ts';

const folder = new URL('histories/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const code = readFileSync('.build/workflows.js', 'utf8');

async function failures(bundle: string, names: readonly string[]): Promise<string[]> {
  const histories = (function* () {
    for (const name of names) {
      yield { workflowId: name.replace('.json', ''), history: JSON.parse(readFileSync(new URL(name, folder), 'utf8')) };
    }
  })();
  const sinks = { mirror: { transition: { fn: () => undefined }, barrier: { fn: () => undefined } } };
  const failed: string[] = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle: { code: bundle }, sinks }, histories)) {
    if (result.error) failed.push(`${result.workflowId}: ${result.error.message}`);
  }
  return failed;
}

describe('recorded histories', () => {
  it('there is one of every recording', () => {
    expect(files).toEqual(recordings.map(({ name }) => `${name}.json`).sort());
  });

  it(`replay: ${files.length}`, async () => {
    expect(await failures(code, files)).toEqual([]);
  });

  it('behind a patch it is not: histories of before keep their way', async () => {
    // Webpack's name for the SDK in the module of this line.
    const [, sdk = ''] =
      /(\S+)\.ActivityCancellationType\b/.exec(code.slice(code.indexOf('activityId: call.id'))) ?? [];
    const changed = code.replace(
      'activityId: call.id',
      `activityId: ${sdk}.patched('ids') ? \`changed\${call.id}\` : call.id`,
    );
    expect(changed).not.toBe(code);
    expect(await failures(changed, files)).toEqual([]);
  });

  it('a change of the order of commands is noticed', async () => {
    const changed = code.replaceAll('activityId: call.id', 'activityId: `changed${call.id}`');
    expect(changed).not.toBe(code);
    expect((await failures(changed, ['list-of-normal-and-local-tasks.json'])).join()).toMatch(
      /nondeterminism|Nondeterminism/i,
    );
  });
});
