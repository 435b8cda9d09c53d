import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIn, describeCatalog } from '../../activities/catalog.ts';
import { DEFINITION_NOTES } from '../../src/api/problems-page/definition-notes.ts';
import { ERROR_NOTES } from '../../src/api/problems-page/error-notes.ts';
import { REQUEST_NOTES } from '../../src/api/problems-page/request-notes.ts';
import { problemSections } from '../../src/api/problems-page/sections.ts';
import { compile } from '../../src/definition/compile.ts';
import { PROBLEMS } from '../../src/problem.ts';
import type { FakeExecutor } from '../workflows/fake-world.ts';
import { runDefinition } from '../workflows/run-definition.ts';
import { TaskError } from '../../workflows/outcome.ts';
import { problemsMarkdown } from './problems-page.ts';

const ROOT = join(import.meta.dirname, '../..');
const catalog = describeCatalog(builtIn);
const codes = problemSections(catalog).map(({ code }) => code);
const sources = ['src', 'workflows', 'activities']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  .filter((file) => file.endsWith('.ts') && !/^src\/(?:cli|dev|build)\/|problems-page|generated/.test(file))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))
  .join('\n');

/** Where a text in capitals is a code that somebody sees. */
const MADE =
  /(?:\bcode: |(?:TaskError|ExecutorError|Problem|SourceError|named|flaw|malformed)\(\s*|issue\(pointer, |nonRetryable\([^;]*, )'([A-Z]{2}[A-Z0-9]*(?:_[A-Z0-9]+)*)'/g;
/** Codes of zod's that a request's fields are refused with, in capitals. */
const OF_ZOD = /^(?:INVALID_\w+|UNRECOGNIZED_KEYS|NOT_MULTIPLE_OF|TOO_BIG|TOO_SMALL|CUSTOM)$/;

describe('docs/problems.md', () => {
  it('is what the API serves; -u writes it anew', async () => {
    await expect(problemsMarkdown(catalog)).toMatchFileSnapshot(join(ROOT, 'docs/problems.md'));
  });

  it('has a section for every code that the sources make', () => {
    const made = new Set([...sources.matchAll(MADE)].map(([, code = '']) => code));
    console.log(`${made.size} codes in the sources, ${codes.length} on the page`);
    expect(made.size).toBeGreaterThan(70);
    expect([...made, ...Object.keys(PROBLEMS)].filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('has none that nothing makes', () => {
    const known = (code: string) =>
      sources.includes(`'${code}'`) ||
      sources.includes(`\n  ${code}: {`) ||
      OF_ZOD.test(code) ||
      (code === 'HTTP_<status>' && sources.includes('`HTTP_${'));
    expect(codes.filter((code) => !known(code))).toEqual([]);
  });

  it('has notes in sentences', () => {
    for (const { places } of problemSections(catalog))
      for (const { means, todo } of places)
        for (const text of [means, todo]) expect(text).toMatch(/^[A-Z`#/].*[.:]$|\)\.$|`\.$/s);
  });
});

describe('the examples', () => {
  const definitions = Object.entries(DEFINITION_NOTES).flatMap(([code, { example, format = 'yaml' as const }]) =>
    example === undefined ? [] : [{ code, example, format }],
  );
  it.each(definitions)('$code is all that is wrong with its definition', ({ code, example, format }) => {
    const compiled = compile(example, { format, catalog });
    expect(compiled.ok ? [] : [...new Set(compiled.problems.map((problem) => problem.code))]).toEqual([code]);
  });

  it('of definitions are missing only where they would be too long to show', () => {
    const without = Object.entries(DEFINITION_NOTES).filter(([, { example }]) => example === undefined);
    expect(without.map(([code]) => code)).toEqual(['PATH_TOO_LONG', 'PLAN_TOO_LARGE', 'TOO_LARGE']);
  });

  const errors = Object.entries(ERROR_NOTES).flatMap(([code, { example }]) =>
    example === undefined ? [] : [{ code, example }],
  );
  it.each(errors)('$code is how its execution ends', async ({ code, example }) => {
    const executors: { readonly [name: string]: FakeExecutor } = {
      log: () => null,
      http: () => {
        throw new TaskError('HTTP_UNREACHABLE', 'There is nothing');
      },
    };
    const { ending } = await runDefinition(example, { input: { who: ['ada'] }, executors });
    expect(ending).toMatchObject({ error: { code } });
  });

  it('of requests have no code that is explained as an error of executions only', () => {
    expect(Object.keys(REQUEST_NOTES).filter((code) => code in ERROR_NOTES)).toEqual([]);
  });
});
