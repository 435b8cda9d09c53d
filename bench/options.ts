import { parseArgs } from 'node:util';
import { WRITER } from './measure-writer.ts';
import { VARIANTS } from './variants/index.ts';
import type { Variant } from './variants/variant.ts';
import { WORKLOADS } from './workloads/index.ts';
import type { Size, Workload } from './workloads/workload.ts';

export type Options = {
  readonly workloads: readonly {
    readonly workload: Workload;
    readonly size: Size;
    readonly variants: readonly Variant[];
  }[];
  /** Of the writer alone; undefined leaves it out. */
  readonly facts: number | undefined;
  readonly pairs: number;
  /** True when all workloads share their servers and processes, whose starts take longer than a short run. */
  readonly isShort: boolean;
  /** Where the result is kept. */
  readonly json: string | undefined;
};

const FACTS = { full: 200_000, short: 10_000 };

export const USAGE = `npm run bench -- [--only three,wide] [--variants "hand normal,weft"] [--pairs 9] [--short] [--size 20] [--json result.json]
  workloads: ${[...WORKLOADS.map(({ name }) => name), WRITER].join(', ')}
  variants: ${VARIANTS.map(({ name }) => name).join(', ')}`;

/** @throws Error on an option, a workload or a variant that is none */
export function readOptions(argumentsGiven: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argumentsGiven],
    options: {
      only: { type: 'string', default: '' },
      variants: { type: 'string', default: '' },
      pairs: { type: 'string' },
      /** Small and once: does it still run, and about where is it. */
      short: { type: 'boolean', default: false },
      /** Executions, or tasks where one execution has them all. */
      size: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const only = choose(values.only, [...WORKLOADS.map(({ name }) => name), WRITER]);
  const names = choose(
    values.variants,
    VARIANTS.map(({ name }) => name),
  );
  const length = values.short ? 'short' : 'full';
  return {
    workloads: WORKLOADS.filter(({ name }) => only.includes(name)).map((workload) => ({
      workload,
      size: sizeOf(workload[length], values.size),
      variants: VARIANTS.filter(({ name }) => names.includes(name) && (workload.variants?.includes(name) ?? true)),
    })),
    facts: only.includes(WRITER) ? FACTS[length] : undefined,
    pairs: count(values.pairs ?? (values.short ? '1' : '9')),
    isShort: values.short,
    json: values.json,
  };
}

function choose(given: string, all: readonly string[]): readonly string[] {
  if (given === '') return all;
  const chosen = given.split(',').map((name) => name.trim());
  const unknown = chosen.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}: ${all.join(', ')}`);
  return chosen;
}

function sizeOf(size: Size, given: string | undefined): Size {
  if (given === undefined) return size;
  return size.executions === 1 ? { ...size, tasks: count(given) } : { ...size, executions: count(given) };
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`'${text}' is no number of anything`);
  return number;
}
