/** Ids made from other ids, the same on both sides of Temporal. */
import { DEFAULT_TENANT } from './contract.ts';

/** Ids that need no lookup: `<execution>~<path with . for /, -n for [n]>`, `~<round>` from the second round on. */
export function approvalId(executionId: string, path: string, round: number): string {
  const name = path.slice(1).replaceAll('/', '.').replaceAll('[', '-').replaceAll(']', '');
  return `${executionId}~${name}${round > 1 ? `~${round}` : ''}`;
}

/** Temporal's workflow id: the execution's id in tenant `default`, `tenant:id` elsewhere. */
export function workflowIdOf(tenant: string, executionId: string): string {
  return tenant === DEFAULT_TENANT ? executionId : `${tenant}:${executionId}`;
}

/** The inverse of {@link workflowIdOf}; execution ids hold no `:`. */
export function executionOfWorkflowId(workflowId: string): { readonly tenant: string; readonly executionId: string } {
  const at = workflowId.indexOf(':');
  return at < 0
    ? { tenant: DEFAULT_TENANT, executionId: workflowId }
    : { tenant: workflowId.slice(0, at), executionId: workflowId.slice(at + 1) };
}
