import type { Lab } from '../lab.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';

/** How much of it: executions and, where its shape leaves that open, tasks in each. */
export type Size = { readonly executions: number; readonly tasks: number };

/** What is given to variants to do. A new one is a file here and a line in `index.ts`. */
export type Workload = {
  readonly name: string;
  /** Printed above its table. */
  readonly about: (size: Size) => string;
  readonly full: Size;
  /** For CI; absent where so little would say nothing. */
  readonly short?: Size;
  /** Done once before, by each variant: what has just started is slow in its own way. At most what is measured. */
  readonly warmUp: Size;
  /** However many pairs there are: what it leaves behind would be in the next one's figures. @default false */
  readonly isOnce?: boolean;
  /** Names of variants; what all others do with it would be no different. @default all */
  readonly variants?: readonly string[];
  readonly measure: (lab: Lab, runner: Runner, size: Size) => Promise<Figures>;
};
