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
  if (isHeld(found)) {
    throw new Problem('CONFLICT', `The workflow '${workflow}' is ${found.status}: nothing new starts.`);
  }
  return found;
}

function isHeld({ status }: Startable): boolean {
  return status === 'paused' || status === 'archived';
}

/** Whether nothing speaks against a start; what does is said by {@link checkStartable} and {@link checkInputOf}. */
export function mayStart(definition: Startable, input: Json): boolean {
  return !isHeld(definition) && errorsIn(definition, input).length === 0;
}

/** @throws Problem INPUT_INVALID */
export function checkInputOf(definition: Startable, input: Json): void {
  const errors = errorsIn(definition, input);
  if (errors.length === 0) return;
  throw new Problem('INPUT_INVALID', `The input doesn't fit the schema of '${definition.workflow}'.`, { errors });
}

function errorsIn({ inputSchema }: Startable, input: Json): ReturnType<typeof checkInput> {
  return inputSchema === null ? [] : checkInput(inputSchema, input);
}
