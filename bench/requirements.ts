import type { Figure } from './sample.ts';

/** A line that must hold: the median of a figure, or of its ratio to another variant's of the same pair. */
export type Requirement = {
  readonly workload: string;
  readonly figure: Figure;
  readonly variant: string;
  /** What it is divided by; without it the figure stands for itself. */
  readonly base?: string;
} & ({ readonly atLeast: number } | { readonly atMost: number });

/** Where Temporal keeps its state. */
export type TemporalStore = 'memory' | 'PostgreSQL';

/** Temporal's own WAL with PostgreSQL as its store, bytes a task (normal, local), measured once: the dev server has none. */
const TEMPORAL_WAL = { normal: 38_000, local: 23_000 };

const rate = (workload: string, variant: string, base: string, atLeast: number): Requirement => ({
  ...{ workload, figure: 'tasksPerSecond', variant, base, atLeast },
});
const atMost = (workload: string, figure: Figure, variant: string, most: number, base?: string): Requirement => ({
  ...{ workload, figure, variant, atMost: most, ...(base !== undefined && { base }) },
});
/** Weft's way to call and the hand-written one like it. */
const ALIKE = [
  ['weft normal', 'hand normal'],
  ['weft local', 'hand local'],
] as const;
const TIMED = ['three', 'wide', 'long'];

/** In the order they are printed in. On PostgreSQL Temporal itself takes more, so that local tasks gain more. */
export function requirementsOf(store: TemporalStore): readonly Requirement[] {
  return store === 'memory' ? [...ANYWHERE, ...IN_MEMORY] : [...ANYWHERE, ...ON_POSTGRES];
}

const ANYWHERE: readonly Requirement[] = [
  rate('three', 'weft normal', 'hand normal', 0.9),
  rate('wide', 'weft normal', 'hand normal', 0.9),
  rate('long', 'weft normal', 'hand normal', 0.95),
  ...ALIKE.map(([weft, hand]) => atMost('one', 'p50', weft, 1.1, hand)),
  ...ALIKE.map(([weft, hand]) => atMost('one', 'p99', weft, 1.2, hand)),
  ...TIMED.flatMap((workload) => ALIKE.map(([weft, hand]) => atMost(workload, 'workerCpu', weft, 1.2, hand))),
  atMost('three', 'mirrorStatements', 'weft normal', 1.5),
  atMost('three', 'mirrorStatements', 'weft local', 0.8),
  atMost('wide', 'mirrorStatements', 'weft local', 0.2),
  ...TIMED.flatMap((workload) => ALIKE.map(([weft, hand]) => atMost(workload, 'historyBytes', weft, 1.25, hand))),
  { workload: 'writer', figure: 'factsPerSecond', variant: 'weft', atLeast: 10_000 },
  { workload: 'approvals', figure: 'executionsPerSecond', variant: 'weft', base: 'hand normal', atLeast: 1 },
  atMost('waiting', 'uncachedKb', 'weft', 5),
];

const IN_MEMORY: readonly Requirement[] = [
  rate('three', 'weft', 'hand normal', 1.4),
  rate('wide', 'weft', 'hand normal', 4),
  rate('long', 'weft', 'hand normal', 4),
  rate('three', 'weft local', 'hand local', 0.85),
  rate('wide', 'weft local', 'hand local', 0.8),
  rate('long', 'weft local', 'hand local', 0.85),
  rate('wide', 'weft', 'dbos', 1),
  rate('wide', 'weft', 'restate call', 0.9),
  atMost('three', 'walBytes', 'weft normal', TEMPORAL_WAL.normal / 10),
  atMost('three', 'walBytes', 'weft local', TEMPORAL_WAL.local / 10),
];

const ON_POSTGRES: readonly Requirement[] = [
  rate('three', 'weft', 'hand normal', 1.8),
  rate('wide', 'weft', 'hand normal', 10),
  rate('long', 'weft', 'hand normal', 8),
  atMost('three', 'walShare', 'weft normal', 0.1),
  atMost('three', 'walShare', 'weft local', 0.1),
];
