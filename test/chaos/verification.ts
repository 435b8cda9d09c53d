import type { Json } from '../../src/contract.ts';
import type { Lab } from './lab.ts';

/** Where the mirror says otherwise than Temporal's history of an execution. */
export type Difference = {
  readonly path: string | null;
  readonly field: string;
  readonly temporal: Json;
  readonly mirror: Json;
};

const STATUSES: { readonly [temporal: string]: readonly string[] } = {
  RUNNING: ['running', 'paused'],
  COMPLETED: ['success', 'failed', 'timeout', 'cancelled'],
  FAILED: ['failed', 'timeout'],
  CANCELLED: ['cancelled'],
  TERMINATED: ['cancelled'],
  TIMED_OUT: ['timeout'],
};

/** Compares an execution's mirror with Temporal. @throws Error when one of them doesn't answer */
export async function differencesOf(lab: Lab, id: string): Promise<readonly Difference[]> {
  const { status, body } = await lab.api.developer('GET', `/executions/${encodeURIComponent(id)}`);
  if (status !== 200) throw new Error(`GET ${id}: ${status}`);
  const described = await lab.temporal.workflow.getHandle(id).describe();
  const temporal = described.status.name;
  const isOpen = temporal === 'RUNNING';
  const same = { path: null, temporal };
  return [
    ...(STATUSES[temporal]?.includes(body.status) === true ? [] : [{ ...same, field: 'status', mirror: body.status }]),
    ...(body.confirmed === !isOpen ? [] : [{ ...same, field: 'confirmed', mirror: body.confirmed }]),
  ];
}
