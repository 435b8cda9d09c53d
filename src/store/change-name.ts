import { createHash } from 'node:crypto';

/**
 * What `weft_executions` calls an execution. Any login may listen there, whatever its tenant: it hears that something
 * changed, but not whose it is.
 */
export function changeNameOf(tenant: string, executionId: string): string {
  return createHash('sha256').update(`${tenant}/${executionId}`).digest('base64url').slice(0, 22);
}
