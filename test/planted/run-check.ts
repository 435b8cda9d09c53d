import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaughtByChaos, CaughtByTest } from './planted-bug.ts';

/** What a check of the project says of the code it is run on. */
export type Verdict = {
  readonly isGreen: boolean;
  /** Failures of tests or violations; where there are none, the last of its output. */
  readonly alarms: readonly string[];
};

export type Checks = {
  readonly directory: string;
  /** File of a test stack that runs. */
  readonly stack: string;
  readonly signal: AbortSignal;
};

/** A check that takes longer has hung, ms. */
const PATIENCE_MS = 600_000;
const CHAOS = ['--minutes', '0.3', '--seed', '1', '--load', '2'];

/** What must catch a bug, on the code with it: ends at the first failure. */
export function runCheck(checks: Checks, check: CaughtByTest | CaughtByChaos): Promise<Verdict> {
  return 'chaos' in check ? runChaos(checks, check) : runTests(checks, [check], ['--bail', '1']);
}

/** Many tests at once. @param options of vitest */
export async function runTests(
  checks: Checks,
  tests: readonly CaughtByTest[],
  options: readonly string[] = [],
): Promise<Verdict> {
  const report = join(checks.directory, 'report.json');
  await rm(report, { force: true });
  const files = new Set(tests.map(({ test }) => test));
  const names = new Set(tests.map(({ name }) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  const { code, output } = await run(checks, [
    ...['node_modules/vitest/vitest.mjs', 'run', ...files, '-t', [...names].join('|'), ...options],
    ...['--reporter', 'default', '--reporter', 'json', '--outputFile.json', report],
  ]);
  const text = await readFile(report, 'utf8').catch(() => '{"numPassedTests":0,"testResults":[]}');
  const { numPassedTests, testResults } = JSON.parse(text) as Report;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ failureMessages }) => failureMessages.join('\n')),
  );
  // A file that ends red after green tests, as where it takes its stack down.
  const around = testResults.flatMap(({ message }) => (message === '' ? [] : [message]));
  const alarms = [...failed, ...around];
  // What differs is in the output alone.
  const all = alarms.length > 0 ? [...alarms, output.slice(output.indexOf('Failed Tests'))] : [output.slice(-2_000)];
  return { isGreen: code === 0 && numPassedTests > 0, alarms: all };
}

type Report = {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[];
  }[];
};

export async function runChaos(checks: Checks, { chaos }: CaughtByChaos): Promise<Verdict> {
  const { code, output } = await run(checks, ['--import', 'tsx', 'test/chaos/chaos.ts', ...CHAOS, '--kinds', chaos]);
  const alarms = output.split('\n').filter((line) => line.includes('VIOLATION'));
  return { isGreen: code === 0, alarms: alarms.length > 0 ? alarms : [output.slice(-2_000)] };
}

async function run({ directory, stack, signal }: Checks, args: readonly string[]) {
  const child = spawn(process.execPath, args, {
    cwd: directory,
    // What a violation is dumped into goes with the copy.
    env: { ...process.env, WEFT_TEST_STACK: stack, TMPDIR: directory, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    killSignal: 'SIGTERM',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // Ended by the signal it says so, and then ends.
  child.on('error', (error) => (output += String(error)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output };
}
