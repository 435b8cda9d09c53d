/** Everything that is measured, with its unit; each lower case word is a column somewhere. */
export const FIGURES = {
  tasksPerSecond: 'tasks/s',
  executionsPerSecond: 'executions/s',
  p50: 'p50 ms',
  p99: 'p99 ms',
  workerCpu: 'worker CPU-s',
  apiCpu: 'API CPU-s',
  clientCpu: 'client CPU-s',
  temporalCpu: 'Temporal CPU-s',
  serverCpu: 'server CPU-s',
  postgresCpu: 'PostgreSQL CPU-s',
  storeCpu: "CPU-s of Temporal's PostgreSQL",
  mirrorStatements: 'mirror statements',
  statements: 'all statements',
  walBytes: 'WAL bytes',
  storeWalBytes: "WAL bytes of Temporal's PostgreSQL",
  walShare: "WAL ÷ Temporal's own",
  historyBytes: 'history bytes',
  historyEvents: 'history events',
  settleMs: 'settle ms',
  cachedKb: 'kB per waiting one in cache',
  uncachedKb: 'kB per waiting one out of cache',
  factsPerSecond: 'facts/s',
} as const;

export type Figure = keyof typeof FIGURES;

/** CPU is in seconds per 1,000 tasks; statements, WAL and history are per task. What was not measured is missing. */
export type Figures = { readonly [figure in Figure]?: number };

/** What one variant did in one pair of one workload. */
export type Sample = {
  readonly workload: string;
  readonly variant: string;
  /** From 0; samples of one pair were taken one right after the other. */
  readonly pair: number;
  readonly figures: Figures;
};
