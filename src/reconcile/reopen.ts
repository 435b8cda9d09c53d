import { workflowIdOf } from '../ids.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { Fact } from '../mirror/record.ts';
import { reopenExecution } from '../mirror/reopen-execution.ts';
import type { ConfirmParts } from './confirm.ts';
import { foldChain } from './fold-chain.ts';
import { writeFacts } from './write-facts.ts';

const OPEN: readonly string[] = ['pending', 'running', 'waiting', 'retry'];

/**
 * Makes the mirror follow a run that another history than the mirrored one led to: reset by somebody, or from an older
 * copy of Temporal's database. What that history has ended stays or comes back, what it doesn't have goes; all stays
 * where a history doesn't replay.
 * @param once not where that was done for this run before
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function reopen(
  parts: ConfirmParts,
  key: ExecutionKey,
  { runId, once }: { readonly runId: string; readonly once: boolean },
): Promise<void> {
  const { database, temporal, log } = parts;
  const { runs } = await temporal.chain(workflowIdOf(key.tenant, key.id), runId);
  const told: Fact[] = [];
  const unfolded: string[] = [];
  const of = { chain: runs.map((run) => run.runId), end: undefined };
  for await (const facts of foldChain(parts, key, of, (run, err) => {
    unfolded.push(run);
    log.warn({ err, execution: key.id, run }, 'a history could not be folded');
  })) {
    told.push(...facts.map(asHint));
  }
  const ended = told.flatMap((fact) => {
    if (fact.kind === 'task') return OPEN.includes(fact.status) ? [] : [fact.task.path];
    return fact.kind === 'approval' && fact.approval.status !== 'open' ? [fact.approval.path] : [];
  });
  const about = { runId, once, ended: unfolded.length === 0 ? ended : null };
  if (!(await database.asEngine((session) => reopenExecution(session, key, about)))) return;
  log.warn({ execution: key.id, tenant: key.tenant, run: runId }, 'an execution was opened again');
  await writeFacts(parts.writer, told);
}

/** That a task runs must not outrank what its worker says of it. */
function asHint(fact: Fact): Fact {
  return fact.kind === 'task' && OPEN.includes(fact.status) ? { ...fact, authority: 0, ord: 0 } : fact;
}
