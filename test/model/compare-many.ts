import { stringify } from 'yaml';
import type { Comparison } from './compare.ts';
import { compare, programOf } from './compare.ts';
import { shrink } from './shrink.ts';
import { answerOf, ballotsOf } from './world.ts';

export type Tally = {
  /** How many tasks of each type ran, executions ended in each way, and programs nothing could be said of. */
  readonly counts: { readonly [what: string]: number };
  /** For people: each program that failed, made smaller. */
  readonly failures: readonly string[];
};

/** Failures that are made smaller and told; more say no more. */
const MOST_FAILURES = 5;

/** Compares the programs of so many seeds; stops after five that fail. */
export async function compareMany({
  seed,
  count,
  onProgress = () => undefined,
}: {
  readonly seed: number;
  readonly count: number;
  readonly onProgress?: (done: number) => void;
}): Promise<Tally> {
  const counts: { [what: string]: number } = { programs: 0, unclear: 0 };
  const failures: string[] = [];
  const add = (what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);

  for (let next = seed; counts['programs']! < count && failures.length < MOST_FAILURES; next++) {
    const comparison = await compare(programOf(next));
    if (!comparison) {
      add('unclear');
      continue;
    }
    add('programs');
    add(`ended ${comparison.trace.status}`);
    if (comparison.program.script.dueAt.length > 0) add('with another run');
    for (const { type } of Object.values(comparison.trace.rows)) add(type);
    if (comparison.differences.length > 0) failures.push(tell(await shrink(comparison, compare)));
    onProgress(counts['programs'] ?? 0);
  }
  return { counts, failures };
}

function tell({ program, trace, differences }: Comparison): string {
  const { seed, definition, input, script } = program;
  const answers = trace.calls.map(({ name, path, attempt }) => {
    const answer = answerOf(script, path, attempt, name);
    return `  ${name} ${path} attempt ${attempt}: ${JSON.stringify(answer)}`;
  });
  const ballots = Object.keys(trace.approvals).map((path) => `  ${path}: ${JSON.stringify(ballotsOf(script, path))}`);
  return [
    `Seed ${seed}, made smaller:`,
    stringify(definition),
    `input: ${JSON.stringify(input)}`,
    `script: ${JSON.stringify(script)}`,
    ...['calls in the model:', ...answers],
    ...['votes, from when the approval opens:', ...ballots],
    ...['the interpreter does something else:', ...differences.map((difference) => ` ${difference}`)],
  ].join('\n');
}
