import { compile } from '../../src/definition/compile.ts';
import type { CatalogEntry } from '../../src/definition/compile.ts';
import type { PlanTask } from '../../src/plan/plan.ts';
import { walk } from '../../src/plan/walk.ts';

const catalog: readonly CatalogEntry[] = [
  { name: 'quick', local: true, inputSchema: {}, defaults: undefined },
  { name: 'call', local: false, inputSchema: {}, defaults: undefined },
];

/** The tasks of a definition's Plan by id. */
export function tasksOf(source: string): ReadonlyMap<string, PlanTask> {
  const compiled = compile(source, { format: 'yaml', catalog });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return new Map([...walk(compiled.plan.tasks)].map(({ task }) => [task.id, task]));
}

/** A task of a short executor, as a definition has it; the other one is `call`. */
export const quick = (id: string, more = ''): string => `{ id: ${id}, type: executor, executor: quick${more} }`;
/** Starts at once. */
export const free = ', dependencies: []';
