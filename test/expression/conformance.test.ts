/** JSONata's own test suite against the evaluator that ships; only sizes its cases need are looser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { createEngine } from '../../src/expression/engine.ts';

type Case = {
  readonly expr?: string;
  readonly 'expr-file'?: string;
  readonly data?: unknown;
  readonly dataset?: string | null;
  readonly bindings?: { readonly [name: string]: unknown };
  readonly depth?: number;
  readonly unordered?: boolean;
  readonly result?: unknown;
  readonly undefinedResult?: boolean;
  readonly code?: string;
  readonly token?: string;
  readonly error?: { readonly code: string };
};

/** The suite's own runner puts a guard of its own around these and expects that guard's code. */
const EXPECTED_FAILURES: Record<string, string> = {
  'tail-recursion/case002.json': "wants U1001 of the upstream runner's depth guard; ends over our own bound",
  'tail-recursion/case005.json': "wants U1001 of the upstream runner's depth guard; ends over our own bound",
  'tail-recursion/case006.json': "wants U1001 of the upstream runner's time guard; ends over our own bound",
};

const suite = join(import.meta.dirname, '../conformance/jsonata');
const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function casesOf(group: string): readonly { readonly name: string; readonly case: Case }[] {
  const directory = join(suite, 'groups', group);
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return files.flatMap((file) => {
    const content = readJson(join(directory, file)) as Case | Case[];
    const list = Array.isArray(content) ? content : [content];
    return list.map((entry, index) => ({
      name: `${group}/${file}${list.length > 1 ? `#${index}` : ''}`,
      case: { ...entry, expr: entry.expr ?? readFileSync(join(directory, entry['expr-file'] ?? ''), 'utf8') },
    }));
  });
}

/** What went wrong, or nothing. */
function failureOf(given: Case): string | undefined {
  const run = createEngine(
    { now: () => Date.now(), random: () => Math.random() },
    { steps: 2e6, stack: given.depth ?? 500, sequence: 1.1e7, longest: 1e8, nesting: 500, source: 1e6 },
  );
  // Frozen: an evaluation that changed its data would fail.
  const input = freeze(given.dataset ? readJson(join(suite, 'datasets', `${given.dataset}.json`)) : given.data);
  const wanted = given.code ?? given.error?.code;
  try {
    const value = run(given.expr ?? '', { input, bindings: freeze(given.bindings ?? {}), finish: plain });
    if (wanted !== undefined) return `gave a value instead of ${wanted}`;
    const same =
      given.undefinedResult === true ? value === undefined : isDeepStrictEqual(sorted(value), sorted(given.result));
    return same ? undefined : `gave ${JSON.stringify(value)}`;
  } catch (thrown) {
    const { code, token, message } = thrown as { code?: string; token?: string; message?: string };
    if (wanted === undefined || code !== wanted) return `threw ${String(code)} ${String(message)}`;
    return given.token === undefined || given.token === token ? undefined : `threw with token ${String(token)}`;
  }

  function sorted(value: unknown): unknown {
    return given.unordered === true && Array.isArray(value) ? [...(value as string[])].sort() : value;
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

test('the suite of the library', () => {
  const cases = readdirSync(join(suite, 'groups')).flatMap(casesOf);
  const failures = cases.flatMap(({ name, case: given }) => {
    const failure = failureOf(given);
    return failure === undefined ? [] : [{ name, failure }];
  });
  console.log(`jsonata conformance: ${cases.length - failures.length} of ${cases.length} passed`);
  for (const { name, failure } of failures) console.log(`  ${name}: ${EXPECTED_FAILURES[name] ?? failure}`);
  expect(failures.map(({ name, failure }) => (name in EXPECTED_FAILURES ? name : `${name} ${failure}`))).toEqual(
    Object.keys(EXPECTED_FAILURES),
  );
});
