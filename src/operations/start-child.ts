import type { EngineCalls, START_CHILD } from '../messages.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { childIdOf } from '../ids.ts';
import { Problem } from '../problem.ts';
import { countLevels, findChild } from '../store/children.ts';
import type { KnownChild } from '../store/children.ts';
import type { Database } from '../store/database.ts';
import { findStartable } from '../store/executions.ts';
import type { Startable } from '../store/executions.ts';
import { insertPending } from '../store/new-executions.ts';
import { compileStored } from './compile-stored.ts';
import { pendingOf } from './pending-of.ts';
import { startNow } from './start-now.ts';
import type { StartNowParts } from './start-now.ts';
import { checkInputOf, checkStartable } from './startable.ts';

type Call = EngineCalls[typeof START_CHILD]['input'];
type Answer = EngineCalls[typeof START_CHILD]['answer'];

export type ChildParts = StartNowParts & { readonly catalog: readonly CatalogEntry[] };

/** Below the topmost execution. */
const MOST_LEVELS = 20;

/**
 * Accepts the execution that a `sub_workflow` task starts, under an id made of parent, path and attempt, and tries to start
 * it at once; the starter does what this can't. The same call again is the same child, whatever became of its definition.
 * It runs for whoever started the parent.
 * @throws Problem NOT_FOUND, CONFLICT, DEFINITION_INVALID, INPUT_INVALID, DATABASE_UNAVAILABLE; nothing was written then
 */
export async function startChild(parts: ChildParts, call: Call): Promise<Answer> {
  const { tenant, executionId: parent, path, attempt } = call;
  const id = childIdOf(parent, path, attempt);
  const known = await parts.database.readAsEngine((session) => findChild(session, { tenant, id }));
  if (known) return checkOwn(id, known, call);
  const definition = await findDefinition(parts.database, call);
  const plan = await compileStored(parts, tenant, definition.definitionId);
  checkInputOf(definition, call.input);
  const accepted = await parts.database.asEngine((session) =>
    insertPending(session, tenant, {
      id,
      definition,
      input: call.input,
      correlationId: call.correlationId,
      priority: 0,
      tags: [],
      startedBy: call.startedBy,
      totalTasks: plan.totalTasks,
      delay: null,
      requestKey: null,
      parent: { id: parent, path, waits: call.mode === 'wait', onClose: call.onParentClose },
    }),
  );
  if (accepted) {
    const { correlationId, startedBy, input, mode } = call;
    const about = {
      correlationId,
      startedBy,
      input,
      trigger: 'parent',
      parent: mode === 'wait' ? { executionId: parent, path } : null,
    };
    await startNow(parts, pendingOf(tenant, definition, accepted, about), plan);
  }
  // Another attempt of the same call was faster.
  return { executionId: id };
}

/** Its id has no other meaning; a row that came in by SQL might have it all the same. */
function checkOwn(id: string, { parent, path, end }: KnownChild, call: Call): Answer {
  const { executionId } = call;
  if (parent === executionId && path === call.path) return { executionId: id, ...(end && { end: messageOf(id, end) }) };
  throw new Problem('CONFLICT', `There is an execution '${id}' already, which is no child of '${executionId}'.`);
}

function messageOf(id: string, { status, output, error }: NonNullable<KnownChild['end']>): NonNullable<Answer['end']> {
  return { executionId: id, status, ...(error ? { error } : { output }) };
}

async function findDefinition(database: Database, call: Call): Promise<Startable> {
  const { tenant, executionId, workflow, version } = call;
  const { levels, definition } = await database.asEngine(async (session) => ({
    levels: await countLevels(session, { tenant, id: executionId }, MOST_LEVELS + 1),
    definition: await findStartable(session, tenant, workflow, version ?? undefined),
  }));
  if (levels > MOST_LEVELS) {
    throw new Problem('CONFLICT', `'${workflow}' would be more than ${MOST_LEVELS} levels below the first execution.`);
  }
  return checkStartable(definition, workflow, version ?? undefined);
}
