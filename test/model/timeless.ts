import type { Json } from '../../src/contract.ts';
import { generate } from './generate.ts';
import { runModel } from './model.ts';
import type { Definition, Program } from './program.ts';
import type { Trace } from './trace.ts';

/** What takes its time, or needs somebody outside: an executor stands in for it. */
const REPLACED: ReadonlySet<Json> = new Set(['event', 'emit', 'approval', 'sub_workflow']);
const LIMITS: ReadonlySet<string> = new Set(['timeout', 'totalTimeout']);
const COMMON = ['id', 'if', 'output', 'onError', 'dependencies', 'next', 'compensate'];
/** Longer than anything takes in the model, ms. */
const LONG = 20_000_000;
const PACES = [1, 2, 3, 4, 5, 6];

/** What is the same at any pace: statuses, outputs and errors of the execution and of every task. */
export type Essence = {
  readonly status: string;
  readonly output: Json;
  readonly error: Json;
  readonly rows: { readonly [path: string]: Json };
};

export type Timeless = { readonly program: Program; readonly essence: Essence };

/** A program of a seed and what must come of it, whatever takes how long; undefined where that isn't sure. */
export function timeless(seed: number): Timeless | undefined {
  const { definition, script, ...rest } = generate(seed);
  const { defaults, ...hasty } = hurry(definition) as unknown as Definition;
  const patient = { ...hasty, defaults: { ...defaults, timeout: LONG } };
  const program: Program = { ...rest, definition: patient, script: { ...script, hanging: 0, events: [], dueAt: [] } };
  const found = PACES.map((pace) => {
    const run = runModel({ ...program, script: { ...program.script, pace } });
    return run && essenceOf(run.trace);
  });
  const [first] = found;
  if (!first || found.some((other) => JSON.stringify(other) !== JSON.stringify(first))) return undefined;
  return isRace(JSON.stringify(patient), JSON.stringify(Object.values(first.rows)))
    ? undefined
    : { program, essence: first };
}

/** Who is cancelled, and how far it got by then, depends on how long things take, whatever a few paces say. */
function isRace(definition: string, rows: string): boolean {
  const isWide = /"(branches|dependencies)":|"maxConcurrency":[23]/.test(definition);
  const endsOthers = definition.includes('"type":"end"') || /\["(failed|cancelled|timeout)"/.test(rows);
  return definition.includes('"join"') || (isWide && endsOthers);
}

/** Without limits, all waits short. */
function hurry(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => hurry(each));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as { readonly [field: string]: Json };
  if (typeof fields['id'] === 'string' && REPLACED.has(fields['type'] ?? null)) {
    const common = Object.fromEntries(
      COMMON.flatMap((field) => (field in fields ? [[field, hurry(fields[field]!)]] : [])),
    );
    return { ...common, type: 'executor', executor: 'work', with: 1 };
  }
  const entries = Object.entries(fields).filter(([field, entry]) => !(LIMITS.has(field) && typeof entry === 'number'));
  return Object.fromEntries(
    entries.map(([field, entry]) => {
      if (field === 'initialInterval') return [field, 1];
      if (field === 'maximumInterval') return [field, 5];
      return [field, fields['type'] === 'wait' && field === 'for' ? 3 : hurry(entry)];
    }),
  );
}

function essenceOf({ status, output, error, rows }: Trace): Essence {
  const told = Object.entries(rows).map(([path, row]) => [
    path,
    [row.status, row.status === 'success' ? (row.output ?? null) : null, row.error?.code ?? null],
  ]);
  const failure = error ? { code: error.code, task: error.task ?? null } : null;
  return { status, output: output ?? null, error: failure, rows: Object.fromEntries(told.sort()) as Essence['rows'] };
}
