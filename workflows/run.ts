import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { allHandlersFinished, condition, makeContinueAsNewFunc, setWorkflowOptions } from '@temporalio/workflow';
import type { Json } from '../src/contract.ts';
import { ENGINE_VERSION } from '../src/contract.ts';
import type { PackedInput } from '../src/run-input.ts';
import { interpret } from './interpret.ts';
import { ownInput } from './own-input.ts';
import { interpretShard } from './run-shard.ts';
import { Cancelled, TaskError } from './outcome.ts';
import { createTemporalHost } from './temporal-host.ts';

/**
 * The one workflow: registered as default, so that Temporal shows a definition's name as workflow type.
 * Returns the execution's output; fails with its error's code as type and `ErrorInfo` as first detail.
 */
async function run(packed: PackedInput): Promise<Json> {
  const input = ownInput(packed);
  if (input.engineVersion > ENGINE_VERSION) {
    // Not a failure of the execution: a newer worker takes it.
    throw new Error(`This worker runs engine version ${ENGINE_VERSION}, the execution needs ${input.engineVersion}`);
  }
  const work = input.shard ? interpretShard : interpret;
  const ending = await work(input, createTemporalHost(input));
  await condition(allHandlersFinished);
  if (ending.status === 'continued') {
    // A pinned execution moves to the current build with it.
    const goOn = makeContinueAsNewFunc<typeof run>({ initialVersioningBehavior: 'AUTO_UPGRADE' });
    return await goOn({ ...packed, engineVersion: ENGINE_VERSION, carried: ending.carried });
  }
  if (ending.status === 'success') return ending.output;
  if (ending.status === 'cancelled') throw new CancelledFailure(ending.error.detail);
  throw ApplicationFailure.create({
    type: ending.error.code,
    message: ending.error.detail,
    nonRetryable: true,
    details: [ending.error],
  });
}

export default run;
// A defect of ours fails the execution, it is not retried for ever; a plain Error (above) is.
setWorkflowOptions({ failureExceptionTypes: [TypeError, RangeError, ReferenceError, TaskError, Cancelled] }, run);
