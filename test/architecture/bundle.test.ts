import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUNDLED } from '../../src/build/bundle.ts';

const BUNDLE = '.build/workflows.js';

/** Files of ours, and libraries, that may run inside Temporal's sandbox. */
const OURS =
  /^(workflows\/|src\/(plan|expression)\/|src\/(contract|messages|ids|shorten|byte-length|task-header|run-input|transitions)\.ts$|\.build\/jsonata\.cjs$)/;
const LIBRARIES = [
  '@temporalio/workflow',
  '@temporalio/common',
  '@temporalio/worker',
  '@temporalio/proto',
  're2js',
  'long',
  'ms',
  'nexus-rpc',
  'heap-js',
];

describe('the workflow bundle', () => {
  const text = existsSync(BUNDLE) ? readFileSync(BUNDLE, 'utf8') : '';
  const modules = modulesOf(text);

  it('lists its modules', () => {
    expect(modules).toContain('workflows/run.ts');
    expect(modules.length).toBeGreaterThan(20);
  });

  it('holds no foreign file', () => {
    const foreign = modules.filter((module) => !module.includes('node_modules/') && !OURS.test(module));
    expect(foreign).toEqual([]);
  });

  it('is made anew whenever one of its files changes', () => {
    const unseen = modules.filter(
      (module) => OURS.test(module) && !BUNDLED.some((file) => module === file || module.startsWith(`${file}/`)),
    );
    expect(unseen).toEqual([]);
  });

  it('holds no library but the sandbox’s own and those of the expressions', () => {
    const libraries = modules.flatMap((module) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1] ?? []);
    expect([...new Set(libraries)].filter((library) => !LIBRARIES.includes(library))).toEqual([]);
  });

  it('is small', () => {
    // Without its source map: what each new sandbox has to evaluate.
    expect(text.replace(/\/\/# sourceMappingURL=.*$/m, '').length).toBeLessThan(2_500_000);
  });
});

/** The files that went into the bundle, relative to the project, from the source map at its end. */
function modulesOf(bundle: string): readonly string[] {
  const [, encoded] =
    /\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,([\w+/=]+)\s*$/.exec(bundle) ?? [];
  if (encoded === undefined) return [];
  const { sources } = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as {
    readonly sources: readonly string[];
  };
  const project = `${process.cwd()}/`;
  return sources
    .map((source) =>
      source
        .replace(/^webpack:\/\/[^/]*\//, '')
        .replace(/^\.\//, '')
        .replace(project, '')
        .replace(/\?.*$/, ''),
    )
    .filter((source) => !/^(webpack\/|ignored|external )/.test(source) && !source.includes('__temporal_'));
}
