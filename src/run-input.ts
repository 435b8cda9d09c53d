/** How a {@link RunInput} travels: without what the workflow that it is given to says itself, as each history begins with it. */
import type { ExecutionInfo, RunInput } from './contract.ts';
import { acceptedAtOf, servedBy } from './ids.ts';
import type { PackedPlan } from './plan/pack.ts';
import { packPlan, unpackPlan, without } from './plan/pack.ts';

/** What both sides know of the workflow. */
export type InputCarrier = {
  readonly workflowId: string;
  readonly workflowType: string;
  /** What its memo says of when the execution was accepted (`acceptedAtOf`). */
  readonly acceptedAt: unknown;
};

/** JSON, without what is as the carrier lets expect. */
export type PackedInput = Omit<Partial<RunInput>, 'plan' | 'execution'> & {
  readonly execution?: Partial<ExecutionInfo>;
  readonly plan: PackedPlan;
};

/** They stay as they are for good: histories lack them. */
const USUAL = { engineVersion: 2, localActivities: true };

/** {@link unpackInput} with the same carrier gives the input back. */
export function packInput({ execution, plan, ...rest }: RunInput, carrier: InputCarrier): PackedInput {
  const { tenant, execution: expected } = expectedOf(carrier, execution.id);
  return {
    ...without(rest, { ...USUAL, tenant }),
    execution: without(execution, expected),
    plan: packPlan(plan, execution),
  };
}

/** Also one that was never packed. */
export function unpackInput({ execution: packed, plan, ...rest }: PackedInput, carrier: InputCarrier): RunInput {
  const { tenant, execution: expected } = expectedOf(carrier, packed?.id);
  const execution = { ...expected, ...packed } as ExecutionInfo;
  return { ...USUAL, tenant, ...rest, execution, plan: unpackPlan(plan, execution) } as RunInput;
}

function expectedOf(
  { workflowId, workflowType, acceptedAt }: InputCarrier,
  givenId: string | undefined,
): { readonly tenant: string; readonly execution: Partial<ExecutionInfo> } {
  const { tenant, executionId } = servedBy(workflowId);
  const createdAt = acceptedAtOf(acceptedAt, executionId);
  return {
    tenant,
    execution: {
      id: executionId,
      rootId: givenId ?? executionId,
      workflow: workflowType,
      correlationId: null,
      ...(createdAt !== undefined && { createdAt }),
    },
  };
}
