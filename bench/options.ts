import { parseArgs } from 'node:util';
import { WRITER } from './measure-writer.ts';
import { PEERS, VARIANTS } from './variants/index.ts';
import type { Variant } from './variants/variant.ts';
import { WORKLOADS } from './workloads/index.ts';
import type { TemporalStore } from './requirements.ts';
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
  /** Other engines are in it, too. */
  readonly hasPeers: boolean;
  /** Where Temporal keeps its state. */
  readonly temporalStore: TemporalStore;
  /** True when all workloads share their servers and processes, whose starts take longer than a short run. */
  readonly isShort: boolean;
  /** Where the result is kept. */
  readonly json: string | undefined;
  /** Directory for profiles, recorded in a round of their own; undefined leaves them out. */
  readonly profiles: string | undefined;
};

const FACTS = { full: 200_000, short: 10_000 };

export const USAGE = `npm run bench -- [--only three,wide] [--variants "hand normal,weft"] [--peers] [--temporal-postgres] [--pairs 9] [--short] [--size 20] [--json result.json] [--profile directory]
  workloads: ${[...WORKLOADS.map(({ name }) => name), WRITER].join(', ')}
  variants: ${namesOf(VARIANTS)}; with --peers: ${namesOf(PEERS)}`;

/** @throws Error on an option, a workload or a variant that is none */
export function readOptions(argumentsGiven: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argumentsGiven],
    options: {
      only: { type: 'string', default: '' },
      variants: { type: 'string', default: '' },
      /** Other engines, which are installed if they aren't there. */
      peers: { type: 'boolean', default: false },
      /** Temporal's own server on PostgreSQL, built if it isn't there. */
      'temporal-postgres': { type: 'boolean', default: false },
      pairs: { type: 'string' },
      /** Small and once: does it still run, and about where is it. */
      short: { type: 'boolean', default: false },
      /** Executions, or tasks where one execution has them all. */
      size: { type: 'string' },
      json: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  const only = choose(values.only, [...WORKLOADS.map(({ name }) => name), WRITER]);
  const variants = values.peers ? [...VARIANTS, ...PEERS] : VARIANTS;
  const names = choose(
    values.variants,
    variants.map(({ name }) => name),
  );
  const length = values.short ? 'short' : 'full';
  return {
    workloads: WORKLOADS.filter(({ name }) => only.includes(name)).flatMap((workload) => {
      const size = workload[length];
      const isOf = ({ name }: Variant) => names.includes(name) && (workload.variants?.includes(name) ?? true);
      return size ? [{ workload, size: sizeOf(size, values.size), variants: variants.filter(isOf) }] : [];
    }),
    facts: only.includes(WRITER) ? FACTS[length] : undefined,
    pairs: count(values.pairs ?? (values.short ? '1' : '9')),
    hasPeers: values.peers,
    temporalStore: values['temporal-postgres'] ? 'PostgreSQL' : 'memory',
    isShort: values.short,
    json: values.json,
    profiles: values.profile,
  };
}

function namesOf(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(', ');
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
