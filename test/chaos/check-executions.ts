import { isDeepStrictEqual } from 'node:util';
import type { Lab } from './lab.ts';
import type { Accepted, Load } from './load.ts';
import { forEachLimited } from '../../src/reconcile/limit.ts';
import type { Violation } from './violation.ts';
import { differencesOf } from './verification.ts';

/** An execution as the mirror has it. */
export type MirroredExecution = {
  readonly id: string;
  readonly status: string;
  readonly output: unknown;
  readonly error_code: string | null;
  readonly authority: number;
  readonly is_child: boolean;
};

const ENDED = ['success', 'failed', 'cancelled', 'timeout'];

export async function readExecutions({ database }: Lab): Promise<ReadonlyMap<string, MirroredExecution>> {
  const { rows } = await database.query<MirroredExecution>(
    `select id, status, output, error_code, authority, parent_execution_id is not null as is_child
       from weft.workflow_executions`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether all that was started has ended, in Temporal and as it has confirmed: a reset opens what had ended. */
export async function areSettled(lab: Lab, load: Load): Promise<boolean> {
  if (load.underWay() > 0) return false;
  const { rows } = await lab.database.query('select 1 from weft.workflow_executions where authority < 2 limit 1');
  if (rows.length > 0) return false;
  const open = await lab.temporal.workflow.count(`TaskQueue = '${lab.taskQueue}' AND ExecutionStatus = 'Running'`);
  return open.count === 0;
}

/**
 * I1: mirror and history say the same of each execution.
 * @param agreed those that did before and have ended; it is added to
 */
export async function checkMirror(lab: Lab, agreed: Set<string>): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const rows = [...(await readExecutions(lab)).values()].filter(({ id }) => !agreed.has(id));
  await forEachLimited(rows, 4, async (row) => {
    const differences = await differencesOf(lab, row.id).catch((error: unknown) => [
      { path: null, field: 'verification', temporal: null, mirror: String(error) },
    ]);
    for (const { path, field, temporal, mirror } of differences) {
      const what = `${path ?? ''} ${field}: Temporal has ${JSON.stringify(temporal)}, the mirror ${JSON.stringify(mirror)}`;
      violations.push({ invariant: 'I1', execution: row.id, what: what.trim() });
    }
    if (differences.length === 0 && row.authority === 2) agreed.add(row.id);
  });
  return violations;
}

/** I2: accepted starts = distinct keys = executions, in the mirror and in Temporal. */
export async function checkStarts(lab: Lab, load: Load): Promise<readonly Violation[]> {
  const mirror = await readExecutions(lab);
  const own = new Set([...mirror.values()].filter((row) => !row.is_child).map(({ id }) => id));
  const temporal = new Set<string>();
  for await (const { workflowId } of lab.temporal.workflow.list({ query: `TaskQueue = '${lab.taskQueue}'` }))
    temporal.add(workflowId);
  const accepted = new Set([...load.accepted.values()].map(({ id }) => id));
  const missing = (from: ReadonlySet<string>, place: string, than: Iterable<string>): readonly Violation[] =>
    [...than].filter((id) => !from.has(id)).map((id) => ({ invariant: 'I2', execution: id, what: `not ${place}` }));
  return [
    ...(accepted.size === load.accepted.size
      ? []
      : [{ invariant: 'I2', execution: null, what: `${load.accepted.size} keys made ${accepted.size} executions` }]),
    ...missing(own, 'in the mirror', accepted),
    ...missing(temporal, 'in Temporal', accepted),
    ...missing(accepted, 'accepted, but in the mirror', own),
    ...missing(temporal, 'in Temporal, but in the mirror', mirror.keys()),
    ...missing(new Set(mirror.keys()), 'in the mirror, but in Temporal', temporal),
  ];
}

/** What came of each execution is what its definition says: status, output, effects, each effect under its one key. */
export async function checkEffects(lab: Lab, load: Load): Promise<readonly Violation[]> {
  const rows = await readExecutions(lab);
  const violations: Violation[] = [];
  for (const [path, keys] of lab.ledger.effects) {
    if (keys.size === 1) continue;
    const what = `${path} was done ${keys.size} times: ${[...keys].join(', ')}`;
    violations.push({ invariant: 'I4', execution: path.split('/')[1] ?? null, what });
  }
  for (const one of load.accepted.values()) {
    const row = rows.get(one.id);
    if (!row || !ENDED.includes(row.status)) continue;
    const note = (invariant: string, what: string): void => {
      violations.push({ invariant, execution: one.id, what });
    };
    const isOwnEnd = checkOutcome(one, row, (what) => note('outcome', what));
    for (const [path, effect] of Object.entries(one.program.effects)) {
      const keys = lab.ledger.effects.get(`/${one.id}/${effect}`);
      if (keys && !keys.has(`${one.id}${path}`)) note('I4', `${effect} came with ${[...keys].join(', ')}`);
      if (!keys && isOwnEnd) note('I4', `${effect} was never done`);
    }
  }
  return violations;
}

/** True when it ended by itself. */
function checkOutcome(one: Accepted, row: MirroredExecution, note: (what: string) => void): boolean {
  const { program, touches, id } = one;
  const forced = [
    touches.has('terminated') && row.status === 'cancelled' && row.error_code === 'TERMINATED',
    touches.has('cancelled') && row.status === 'cancelled' && row.error_code === 'CANCELLED',
    touches.has('timed out') && row.status === 'timeout' && row.error_code === 'TIMEOUT',
  ].includes(true);
  if (forced) return false;
  const expected = program.expected(id);
  if (row.status !== program.status)
    note(`${program.name} ended as ${row.status} (${row.error_code ?? 'no error'}), not as ${program.status}`);
  else if (!isDeepStrictEqual(row.output, expected))
    note(`${program.name} put out ${JSON.stringify(row.output)}, not ${JSON.stringify(expected)}`);
  return true;
}
