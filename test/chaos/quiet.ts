import { setTimeout as sleep } from 'node:timers/promises';
import { areSettled } from './check-executions.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';
import type { Violation } from './violation.ts';

/** After the last fault everything is settled, ms. */
const QUIET_MS = 30_000;

/** Waits until all that was started is over and confirmed; what isn't in time is a violation, as is a process that died. */
export async function quiet(
  lab: Lab,
  load: Load,
  withinMs = QUIET_MS,
): Promise<{ ms: number; violations: readonly Violation[] }> {
  const began = Date.now();
  while (Date.now() - began < withinMs && !(await areSettled(lab, load))) await sleep(250);
  const violations: Violation[] = [];
  if (load.underWay() > 0)
    violations.push({ invariant: 'settled', execution: null, what: `${load.underWay()} starts have no answer` });
  const { rows } = await lab.database.query('select id, status from weft.workflow_executions where authority < 2');
  for (const { id, status } of rows)
    violations.push({ invariant: 'settled', execution: id, what: `${status} and not confirmed after ${withinMs} ms` });
  for (const service of [lab.api, ...lab.workers]) {
    if (service.isRunning()) continue;
    violations.push({ invariant: 'settled', execution: null, what: `${service.name} has ended by itself` });
    await service.start();
  }
  return { ms: Date.now() - began, violations };
}
