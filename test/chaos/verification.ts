import type { Json } from '../../src/contract.ts';
import type { Lab } from './lab.ts';

/** Where the mirror says otherwise than Temporal's history of an execution. */
export type Difference = {
  readonly path: string | null;
  readonly field: string;
  readonly temporal: Json;
  readonly mirror: Json;
};

/** Compares an execution's mirror with its history. @throws Error when it can't be told */
export async function differencesOf(lab: Lab, id: string): Promise<readonly Difference[]> {
  const { status, body } = await lab.api.developer('GET', `/executions/${encodeURIComponent(id)}/verification`);
  if (status !== 200) throw new Error(`GET ${id}: ${status} ${JSON.stringify(body)}`);
  return body.differences as readonly Difference[];
}
