import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { ENGINE_VERSION } from '../../src/contract.ts';
import { recordings } from './recordings.ts';

const folder = new URL('histories/', import.meta.url);
/** As long as an execution of one may be under way. */
const versions = readdirSync(folder);
const filesOf = (version: string) => readdirSync(new URL(version, folder)).map((file) => `${version}/${file}`);
const files = versions.flatMap(filesOf);
const nothing = { fn: () => undefined };
const code = readFileSync('.build/workflows.js', 'utf8');

async function failures(bundle: string, names: readonly string[]): Promise<string[]> {
  const histories = (function* () {
    for (const name of names) {
      yield {
        workflowId: basename(name, '.json'),
        history: JSON.parse(readFileSync(new URL(name, folder), 'utf8')),
      };
    }
  })();
  const sinks = { mirror: { transition: nothing, handOver: nothing, handOverAhead: nothing, barrier: nothing } };
  const failed: string[] = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle: { code: bundle }, sinks }, histories)) {
    if (result.error) failed.push(`${result.workflowId}: ${result.error.message}`);
  }
  return failed;
}

describe('recorded histories', () => {
  it(`each engine version up to ${ENGINE_VERSION} has one of every recording`, () => {
    expect(versions).toEqual(Array.from({ length: ENGINE_VERSION }, (_, index) => `${index + 1}`));
    for (const version of versions) {
      const known = recordings.filter(({ since = 1 }) => since <= Number(version));
      expect(filesOf(version)).toEqual(known.map(({ name }) => `${version}/${name}.json`).sort());
    }
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
    expect((await failures(changed, ['2/list-of-normal-and-local-tasks.json'])).join()).toMatch(
      /nondeterminism|Nondeterminism/i,
    );
  });
});
