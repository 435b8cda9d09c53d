import { runToEnd } from './run-to-end.ts';
import type { Workload } from './workload.ts';

export const wide: Workload = {
  name: 'wide',
  about: ({ tasks }) => `one execution with ${tasks} parallel tasks`,
  full: { executions: 1, tasks: 1_000 },
  short: { executions: 1, tasks: 200 },
  warmUp: { executions: 1, tasks: 1_000 },
  measure: (lab, runner, size) => runToEnd(lab, runner, { shape: 'wide', atOnce: 1, ...size }),
};
