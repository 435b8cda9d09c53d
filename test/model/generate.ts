import { list } from './generate-list.ts';
import { EVENT_KEYS, EVENT_NAMES } from './generate-tasks.ts';
import type { Place } from './generate-values.ts';
import { retry, value } from './generate-values.ts';
import type { Definition, Program, Script } from './program.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';

/** Far behind the end of all that ends by itself. */
const LONGEST = 100_000_000;

/** A program of a seed: always the same one. */
export function generate(seed: number): Program {
  const random = createRandom(seed);
  const definition = definitionOf(random);
  return { seed, definition, input: { n: random.below(4) }, script: scriptOf(random) };
}

function definitionOf(random: Random): Definition {
  let count = 0;
  const place: Place = {
    random,
    nextId: (prefix) => `${prefix}${++count}`,
    ...{ counters: [], depth: 0, tasks: [], vars: ['x', 'y', 'z'], numbers: [], others: [] },
    ...{ isCrowded: false, isClosing: false },
  };
  const tasks = list(place);
  const counters = Object.fromEntries(place.counters.map((name) => [name, 0]));
  const seen: Place = { ...place, tasks: tasks.map(({ id }) => id), others: ['$vars.x', '$vars.y', '$vars.z'] };
  return {
    name: 'random',
    ...(random.chance(12) ? { timeout: random.between(5_000_000, LONGEST) } : {}),
    vars: { x: random.below(3), y: random.below(3), z: random.below(3), ...counters },
    defaults: { timeout: 20_000_000, ...(random.chance(30) ? { retry: retry(place) } : {}) },
    tasks,
    ...(random.chance(80) ? { output: { vars: '{% $vars %}', more: value(seen) } } : {}),
  };
}

function scriptOf(random: Random): Script {
  const events = Array.from({ length: random.below(8) }, () => ({
    at: random.between(1, LONGEST / 3),
    name: random.pick(EVENT_NAMES),
    key: random.pick([null, ...EVENT_KEYS]),
    data: random.below(4),
  }));
  return {
    salt: random.below(1_000_000_000),
    failing: random.pick([5, 15, 30]),
    hanging: random.pick([0, 3, 8]),
    events: events.sort((a, b) => a.at - b.at),
    dueAt: [],
  };
}
