import type { Json } from '../../src/contract.ts';
import type { Comparison } from './compare.ts';
import type { Definition, Program, Task } from './program.ts';

/** Runs of a program that one shrinking may take. */
const MOST_RUNS = 3_000;

/**
 * A smaller program with which the interpreter still does something else: as long as one can be found by leaving
 * something out.
 */
export async function shrink(
  failing: Comparison,
  compare: (program: Program) => Promise<Comparison | undefined>,
): Promise<Comparison> {
  let smallest = failing;
  let runs = 0;

  /** What is left may be no definition any more. */
  async function attempt(program: Program): Promise<Comparison | undefined> {
    try {
      const comparison = isCareful(program.definition.tasks) ? await compare(program) : undefined;
      return comparison?.differences[0]?.startsWith('it does not compile') === true ? undefined : comparison;
    } catch {
      return undefined;
    }
  }

  for (let hasShrunk = true; hasShrunk;) {
    hasShrunk = false;
    for (const candidate of smallerOnes(smallest.program)) {
      if (++runs > MOST_RUNS) return smallest;
      const comparison = await attempt(candidate);
      if (!comparison || comparison.differences.length === 0) continue;
      smallest = comparison;
      hasShrunk = true;
      break;
    }
  }
  return smallest;
}

function* smallerOnes(program: Program): Generator<Program> {
  const { definition, script } = program;
  for (const smaller of smallerValues(definition)) yield { ...program, definition: smaller as unknown as Definition };
  const { cancelAt, ...others } = script;
  if (cancelAt !== undefined) yield { ...program, script: others };
  for (const events of without(script.events)) yield { ...program, script: { ...script, events } };
  for (const dueAt of without(script.dueAt)) yield { ...program, script: { ...script, dueAt } };
  if (script.failing > 0) yield { ...program, script: { ...script, failing: 0 } };
  if (script.hanging > 0) yield { ...program, script: { ...script, hanging: 0 } };
}

/** Without one field or entry, or with a task's own tasks in its place. */
function* smallerValues(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    yield* without(value as Json[]);
    for (const [index, entry] of (value as Json[]).entries()) {
      for (const list of listsOf(entry)) yield [...value.slice(0, index), ...list, ...value.slice(index + 1)] as Json[];
      for (const smaller of smallerValues(entry)) yield value.with(index, smaller) as Json[];
    }
    return;
  }
  const fields = value as { readonly [key: string]: Json };
  for (const key of Object.keys(fields)) {
    if (!['id', 'type', 'name'].includes(key))
      yield Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
    for (const smaller of smallerValues(fields[key]!)) yield { ...fields, [key]: smaller };
  }
}

function* without<T>(list: readonly T[]): Generator<readonly T[]> {
  for (const index of list.keys()) yield list.toSpliced(index, 1);
}

/** The lists of tasks directly in a task, also those in its cases and clauses. */
function listsOf(value: Json): readonly (readonly Json[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as { readonly [key: string]: Json }).flatMap((inner) =>
    isTasks(inner) ? [inner] : listsOf(inner),
  );
}

function isTasks(value: Json): value is readonly Json[] {
  return (
    Array.isArray(value) && value.some((entry: Json) => typeof entry === 'object' && entry !== null && 'type' in entry)
  );
}

/** As the generator does: after what others may wait for too, and at the begin of what runs beside others, time passes. */
function isCareful(tasks: readonly Task[], isCrowded = false): boolean {
  const isGraph = tasks.some(({ dependencies }) => dependencies !== undefined);
  return tasks.every((task, index) => {
    const next = tasks[index + 1];
    if ((task.type === 'event' || task.type === 'emit') && (isGraph || next?.type !== 'wait')) return false;
    const mustTake = isGraph || (isCrowded && index === 0);
    if (mustTake && !takesTime(task)) return false;
    const inner = task.type === 'parallel' || task.type === 'foreach' || mustTake;
    return listsOf(task as unknown as Json).every((list) => isCareful(list as unknown as readonly Task[], inner));
  });
}

function takesTime({ type, if: when }: Task): boolean {
  return when === undefined && !['set', 'event', 'emit', 'fail', 'end'].includes(type);
}
