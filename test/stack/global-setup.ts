/**
 * One PostgreSQL and one Temporal dev server for the whole test run, handed out by `inject('weft')`.
 * `WEFT_TEST_STACK` names a file with a stack that runs already (made by `test/stack/serve.ts`) and is used instead.
 * `WEFT_MODEL_SEED` repeats a run of `test/model`, whose programs are others each time.
 */
import { readFile } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { startTestStack, type TestStack } from './start-test-stack.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
  interface ProvidedContext {
    weft: TestStack;
    modelSeed: number;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('modelSeed', Number(process.env['WEFT_MODEL_SEED'] ?? Math.floor(Date.now() / 1_000)));
  const running = process.env['WEFT_TEST_STACK'];
  if (running !== undefined && running !== '') {
    project.provide('weft', JSON.parse(await readFile(running, 'utf8')) as TestStack);
    return () => Promise.resolve();
  }
  const { stack, stop } = await startTestStack();
  project.provide('weft', stack);
  return stop;
}
