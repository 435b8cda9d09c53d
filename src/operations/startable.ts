import type { Json } from '../contract.ts';
import { checkInput } from '../definition/check-input.ts';
import { Problem } from '../problem.ts';
import type { Startable } from '../store/executions.ts';

/**
 * The definition that was looked up for a start, where it may start.
 * @param version undefined where the current one was looked for
 * @throws Problem NOT_FOUND, CONFLICT
 */
export function checkStartable(found: Startable | undefined, workflow: string, version: string | undefined): Startable {
  if (!found) {
    const detail =
      version === undefined
        ? `There is no workflow '${workflow}', or it has no current version.`
        : `There is no version ${version} of workflow '${workflow}'.`;
    throw new Problem('NOT_FOUND', detail);
  }
  if (found.status === 'paused' || found.status === 'archived') {
    throw new Problem('CONFLICT', `The workflow '${workflow}' is ${found.status}: nothing new starts.`);
  }
  return found;
}

/** @throws Problem INPUT_INVALID */
export function checkInputOf({ inputSchema, workflow }: Startable, input: Json): void {
  const errors = inputSchema === null ? [] : checkInput(inputSchema, input);
  if (errors.length === 0) return;
  throw new Problem('INPUT_INVALID', `The input doesn't fit the schema of '${workflow}'.`, { errors });
}
