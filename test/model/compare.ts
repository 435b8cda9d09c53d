import { interpret } from '../../workflows/interpret.ts';
import { generate } from './generate.ts';
import type { Interpret } from './interpreter.ts';
import { Refused, runInterpreter } from './interpreter.ts';
import { runModel } from './model.ts';
import type { Program } from './program.ts';
import { createRandom } from './random.ts';
import type { Trace } from './trace.ts';
import { differences, normalised } from './trace.ts';
import { slackOf } from './world.ts';

export type Comparison = {
  readonly program: Program;
  readonly trace: Trace;
  /** Where the interpreter did something else; empty: the same. */
  readonly differences: readonly string[];
};

/** Tasks in one program at most: the interpreter takes a breath of 1 ms after more. */
const MOST_ROWS = 200;

/** Runs a program in the model and in the interpreter; undefined where nothing says what it must do. */
export async function compare(program: Program, by: Interpret = interpret): Promise<Comparison | undefined> {
  const run = runModel(program);
  if (!run || run.isTied || Object.keys(run.trace.rows).length > MOST_ROWS) return undefined;
  const { trace } = run;
  const model = normalised(trace);
  try {
    const interpreted = normalised(await runInterpreter(by, program, trace.ballots));
    return { program, trace, differences: differences(model, interpreted, slackOf(program)) };
  } catch (error) {
    if (error instanceof Refused && error.isExpected) return undefined;
    const what = error instanceof Refused ? 'it does not compile' : 'the interpreter throws';
    return { program, trace, differences: [`${what}: ${String(error).slice(0, 1_000)}`] };
  }
}

/** The program of a seed: some are cancelled at a random moment, some go on in other runs at random ones. */
export function programOf(seed: number): Program {
  const program = withEnd(generate(seed));
  const random = createRandom(~seed);
  const endedAt = Math.max(runModel(program)?.trace.endedAt ?? 0, 2);
  const cancelled = random.chance(20) ? { cancelAt: random.between(1, endedAt) } : {};
  const often = random.pick([0, 0, 0, random.between(1, 6), 40]);
  const due = Array.from({ length: often }, () => random.between(0, endedAt));
  return withEnd({ ...program, script: { ...program.script, ...cancelled, dueAt: due.sort((a, b) => a - b) } });
}

/** What would wait for ever gets a timeout. */
function withEnd(program: Program): Program {
  if (runModel(program)) return program;
  return { ...program, definition: { ...program.definition, timeout: 90_000_001 } };
}
