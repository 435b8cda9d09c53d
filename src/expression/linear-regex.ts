import jsonata from '#jsonata';
import { RE2JS } from 're2js';

/** Characters of a pattern and instructions of its program: what takes time to compile. */
const LONGEST_PATTERN = 1_000;
const LARGEST_PROGRAM = 10_000;
/** RE2JS backtracks (visiting each state once) while states × characters fit this many bits, else simulates all states. */
const BACKTRACK_BITS = 262_144;

type Input = { step: (position: number) => number; endPos: () => number };
type Engine = { executeEngine: (input: Input, ...rest: unknown[]) => unknown };

/**
 * Makes the class JSONata matches regular expressions with: RE2, in time linear in the text, charged by what it reads.
 * Patterns compiled once are kept as long as the class.
 */
export function createLinearRegex(): jsonata.RegexEngine {
  const compiled = new Map<string, RE2JS>();

  return class LinearRegex {
    lastIndex = 0;
    readonly #pattern: RE2JS;

    constructor(pattern: RegExp, trusted = false) {
      const key = String(pattern);
      const known = compiled.get(key) ?? compilePattern(pattern, trusted);
      compiled.set(key, known);
      this.#pattern = known;
    }

    exec(text: unknown): (ArrayLike<string | undefined> & { index: number }) | null {
      if (typeof text !== 'string')
        throw Object.assign(new Error('A regular expression takes a text'), { code: 'T0410' });
      const matcher = this.#pattern.matcher(text);
      if (!matcher.find(this.lastIndex)) {
        this.lastIndex = 0;
        return null;
      }
      this.lastIndex = matcher.end();
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? undefined);
      return Object.assign(groups, { index: matcher.start() });
    }
  };
}

/**
 * Compiles a pattern for RE2.
 * @throws Error for what RE2 can't match in linear time (look-around, backreferences) and what is over the bounds
 */
export function compilePattern(pattern: RegExp, trusted = false): RE2JS {
  if (!trusted && pattern.source.length > LONGEST_PATTERN) {
    throw jsonata.limit(`A regular expression is longer than ${LONGEST_PATTERN} characters`);
  }
  if (/\\k</.test(pattern.source)) throw new Error('A regular expression has no backreferences here: \\k');
  const regex = RE2JS.compile(RE2JS.translateRegExp(pattern));
  if (regex.programSize() > LARGEST_PROGRAM)
    throw jsonata.limit('A regular expression is too large when its repeats are written out');
  jsonata.charge(pattern.source.length + regex.programSize());
  return chargeReading(regex);
}

/** Charges each character read: a search that starts again after each match may read the rest of the text each time. */
function chargeReading(regex: RE2JS): RE2JS {
  const engine = regex.re2() as unknown as Engine;
  const size = regex.programSize();
  const execute = engine.executeEngine.bind(engine);
  engine.executeEngine = (input, ...rest) => {
    const length = input.endPos();
    const cost = length * size <= BACKTRACK_BITS ? 1 / 16 : Math.max(1 / 16, size / 72);
    // The look for a literal the pattern needs, and the table of visited states, are as long as the text.
    jsonata.charge(1 + length / 4096);
    const step = input.step.bind(input);
    input.step = (position) => {
      jsonata.charge(cost);
      return step(position);
    };
    return execute(input, ...rest);
  };
  return regex;
}
