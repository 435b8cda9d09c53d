import type { Lab } from '../lab.ts';
import type { Runner } from '../runner.ts';

/** One way to run the same work. A new one is a file here and a line in `index.ts`. */
export type Variant = { readonly name: string; readonly start: (lab: Lab) => Promise<Runner> };
