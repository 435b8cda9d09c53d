import { workflowInfo } from '@temporalio/workflow';
import type { RunInput } from '../src/contract.ts';
import type { PackedInput } from '../src/run-input.ts';
import { unpackInput } from '../src/run-input.ts';

/** The whole of what this run was started with. */
export function ownInput(packed: PackedInput): RunInput {
  const { workflowId, workflowType, memo } = workflowInfo();
  return unpackInput(packed, { workflowId, workflowType, acceptedAt: memo?.['acceptedAt'] });
}
