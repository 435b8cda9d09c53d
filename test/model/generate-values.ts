import type { Json } from '../../src/contract.ts';
import type { Call, Expression, Retry } from './program.ts';
import type { Random } from './random.ts';
import { ERROR_CODES } from './world.ts';

/** Where something is generated: what may stand there, and what it may read. */
export type Place = {
  readonly random: Random;
  readonly nextId: (prefix: string) => string;
  /** Variables of their own that count jumps back. */
  readonly counters: string[];
  readonly depth: number;
  /** Ids of tasks that have surely ended. */
  readonly tasks: readonly string[];
  /** Variables it may read and set; all hold numbers. */
  readonly vars: readonly string[];
  /** Roots that hold here beside those that hold everywhere. */
  readonly numbers: readonly string[];
  readonly others: readonly string[];
  /** Others start in the same instant: what comes first takes time, and can't fail before. */
  readonly isCrowded: boolean;
  /** Runs when something else has ended: nothing may end the execution from here. */
  readonly isClosing: boolean;
};

/** Takes no error: a comparison of what may be anything is one for being the same. */
export function condition({ random, tasks, vars, numbers }: Place): Expression {
  const limit = random.below(4);
  const number = random.pick(['$input.n', ...vars.map((name) => `$vars.${name}`), ...numbers]);
  const choices = [
    `${number} > ${limit}`,
    `${number} < ${limit}`,
    ...tasks.slice(-3).flatMap((id) => [`$tasks.${id}.output = ${limit}`, `$tasks.${id}.status = 'success'`]),
    random.chance(70) ? 'true' : 'false',
  ];
  return `{% ${random.pick(choices)} %}`;
}

/** An expression that gives a number. */
export function number({ random, vars, numbers }: Place): Json {
  const from = random.pick(['$input.n', ...vars.map((name) => `$vars.${name}`), ...numbers]);
  return random.pick<Json>([random.below(5), `{% ${from} + ${random.below(3)} %}`, `{% ${from} + $input.n %}`]);
}

export function value(place: Place): Json {
  const { random, tasks, others } = place;
  const read = [
    ...tasks.slice(-4).flatMap((id) => [`{% $tasks.${id}.output %}`, `{% $tasks.${id}.error.code %}`]),
    ...others.map((root) => `{% ${root} %}`),
  ];
  const one = (): Json => (read.length > 0 && random.chance(50) ? random.pick(read) : number(place));
  return random.pick<() => Json>([
    one,
    one,
    () => ({ a: one(), b: one() }),
    () => [one(), one()],
    () => `text ${random.below(9)} {% $input.n %}`,
  ])();
}

/** An expression that fails whenever it meets what is no number. */
export function riskyValue(place: Place): Json {
  const { random, tasks } = place;
  return tasks.length === 0 ? value(place) : `{% $tasks.${random.pick(tasks)}.output + 1 %}`;
}

export function retry({ random }: Place): Retry {
  return {
    maxAttempts: random.between(1, 3),
    initialInterval: random.between(1_000, 900_000),
    ...(random.chance(50) ? { backoffCoefficient: random.pick([1, 2, 3]) } : {}),
    ...(random.chance(30) ? { maximumInterval: random.between(900_000, 1_900_000) } : {}),
    ...(random.chance(30) ? { nonRetryable: [random.pick([...ERROR_CODES, 'TIMEOUT'])] } : {}),
  };
}

export function executorCall(place: Place): Call {
  const { random, isCrowded } = place;
  return {
    executor: random.pick(['work', 'work', 'quick']),
    with: !isCrowded && random.chance(5) ? riskyValue(place) : value(place),
    ...(random.chance(25) ? { timeout: random.between(2_000_000, 9_000_000) } : {}),
    ...(random.chance(40) ? { retry: retry(place) } : {}),
  };
}
