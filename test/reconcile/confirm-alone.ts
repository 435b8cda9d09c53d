import type { RunEnd } from '../../src/mirror/close-executions.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { confirmExecution } from '../../src/reconcile/confirm.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import type { Stack } from './stack.ts';
import { poll } from './stack.ts';

/** Confirms an end without a reconciler, whose second look it only tells of. */
export async function confirmAlone(
  stack: Stack,
  id: string,
  lookAgain: (end: RunEnd) => void = () => undefined,
): Promise<void> {
  const [replayer, writer] = [createReplayer(stack.log), createWriter(stack.database)];
  await poll(
    () => confirmExecution({ ...stack, replayer, writer, lookAgain }, { tenant: 'default', id }),
    (confirmation) => confirmation === 'confirmed',
  );
  await Promise.all([writer.close(), replayer.close()]);
}
