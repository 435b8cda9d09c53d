/** `tsx test/stack/serve.ts FILE`: a test stack that stays up, written to FILE for `WEFT_TEST_STACK`, until SIGTERM. */
import { rm, writeFile } from 'node:fs/promises';
import { startTestStack } from './start-test-stack.ts';

const file = process.argv[2];
if (file === undefined) throw new Error('Give the file to write');
const { stack, stop } = await startTestStack();
await writeFile(file, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
process.stdout.write(`${JSON.stringify(stack, null, 2)}\n`);
const alive = setInterval(() => undefined, 60_000);
async function end(): Promise<void> {
  clearInterval(alive);
  await stop();
  await rm(file ?? '', { force: true });
}
process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
