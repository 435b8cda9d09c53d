/**
 * Plants bugs in a copy of the code, one at a time, and requires that the project's own checks catch each for the right
 * reason: `npm run planted`, or `npm run planted -- --only 3,7`. First the same checks are green without any.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startTestStack } from '../stack/start-test-stack.ts';
import { bugs } from './bugs/index.ts';
import type { PlantedBug } from './planted-bug.ts';
import { copyProject } from './project-copy.ts';
import type { Checks } from './run-check.ts';
import { runChaos, runCheck, runTests } from './run-check.ts';

const { values } = parseArgs({
  options: {
    /** Numbers of bugs, separated by commas; all without it. */
    only: { type: 'string', default: '' },
  },
});
const only = values.only
  .split(',')
  .filter((word) => word !== '')
  .map(Number);
const chosen = bugs
  .map((bug, index) => ({ bug, number: index + 1 }))
  .filter(({ number }) => only.length === 0 || only.includes(number));
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

/** The same checks, on the code as it is. */
async function isGreenWithout(checks: Checks): Promise<boolean> {
  const began = Date.now();
  const all = chosen.map(({ bug }) => bug.caughtBy);
  const tests = all.filter((check) => 'test' in check);
  const kinds = new Map(all.filter((check) => 'chaos' in check).map((check) => [check.chaos, check]));
  const verdicts = tests.length === 0 ? [] : [await runTests(checks, tests)];
  for (const check of kinds.values()) {
    ending.signal.throwIfAborted();
    verdicts.push(await runChaos(checks, check));
  }
  const red = verdicts.filter(({ isGreen }) => !isGreen);
  for (const { alarms } of red) console.log(`RED without any bug:\n${alarms.join('\n')}`);
  if (red.length === 0) console.log(`without a bug: all checks are green (${secondsSince(began)} s)`);
  return red.length === 0;
}

async function isCaught(checks: Checks, { caughtBy }: PlantedBug): Promise<string | undefined> {
  const { isGreen, alarms } = await runCheck(checks, caughtBy);
  if (isGreen) return `NOT CAUGHT by ${nameOf(caughtBy)}`;
  if (alarms.some((alarm) => caughtBy.says.test(alarm))) return undefined;
  return `red, yet nothing says ${caughtBy.says.source}: ${alarms.join('\n').slice(0, 1_500)}`;
}

function nameOf(check: PlantedBug['caughtBy']): string {
  return 'chaos' in check ? `chaos: ${check.chaos}` : `${check.test}: ${check.name}`;
}

function secondsSince(began: number): string {
  return ((Date.now() - began) / 1_000).toFixed(0);
}

const copy = await copyProject();
const { stack, stop } = await startTestStack();
let caught = 0;
try {
  const file = join(copy.directory, 'stack.json');
  await writeFile(file, JSON.stringify(stack), { mode: 0o600 });
  const checks = { directory: copy.directory, stack: file, signal: ending.signal };
  if (await isGreenWithout(checks)) {
    for (const { bug, number } of chosen) {
      ending.signal.throwIfAborted();
      const began = Date.now();
      const flaw = await copy.withBug(bug, () => isCaught(checks, bug));
      if (flaw === undefined) caught++;
      console.log(
        `${String(number).padStart(3)}  ${bug.what} (${secondsSince(began)} s): ${flaw ?? `caught by ${nameOf(bug.caughtBy)}`}`,
      );
    }
    console.log(`${caught} of ${chosen.length} caught`);
  }
} catch (error) {
  if (!ending.signal.aborted) throw error;
  console.log('ended early');
} finally {
  await stop();
  await copy.remove();
}
process.exit(caught === chosen.length ? 0 : 1);
