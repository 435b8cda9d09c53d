/** Ids made from other ids, the same on both sides of Temporal. */
import { DEFAULT_TENANT } from './contract.ts';
import { shorten } from './shorten.ts';

/** Bytes; Temporal takes 1,000 for a workflow id, a child's children add to theirs. */
const LONGEST_CHILD_ID = 200;

/** Ids that need no lookup: `<execution>~<path with . for /, -n for [n]>`, `~<round>` from the second round on. */
export function approvalId(executionId: string, path: string, round: number): string {
  const name = path.slice(1).replaceAll('/', '.').replaceAll('[', '-').replaceAll(']', '');
  return `${executionId}~${name}${round > 1 ? `~${round}` : ''}`;
}

/** Id of the child execution that a `sub_workflow` starts at its n-th attempt; other ids are made of it. No task's id holds a dot. */
export function childIdOf(executionId: string, path: string, attempt: number): string {
  const again = attempt > 1 ? `~r.${attempt}` : '';
  return shorten(approvalId(executionId, path, 1), LONGEST_CHILD_ID - again.length) + again;
}

/** Id of a shard of a large `foreach`: a workflow that is no execution, which the two `~` tell. */
export function shardIdOf(executionId: string, path: string, number: number): string {
  const id = `${executionId}~${approvalId('', path, 1)}`;
  return `${shorten(id, LONGEST_CHILD_ID)}~${String(number).padStart(4, '0')}`;
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

/** Digits of a uuid's time, and where its version stands. */
const TIME = 12;
const VERSION = 12;

/** When an id of `weft.new_id()` was made, ISO 8601; undefined for others, which don't say. */
export function timeOfId(id: string): string | undefined {
  const digits = id.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits) || digits[VERSION] !== '7') return undefined;
  return new Date(Number.parseInt(digits.slice(0, TIME), 16)).toISOString();
}

/** When an execution was accepted, ISO 8601: as its workflow's memo says, which is left out where its id says the same. */
export function acceptedAtOf(memo: unknown, executionId: string): string | undefined {
  return typeof memo === 'string' ? memo : timeOfId(executionId);
}

/** The execution that a workflow works for: itself, or the one whose shard it is. */
export function servedBy(workflowId: string): { readonly tenant: string; readonly executionId: string } {
  const [id = ''] = workflowId.split('~~');
  return executionOfWorkflowId(id);
}
