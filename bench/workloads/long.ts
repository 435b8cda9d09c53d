import { runToEnd } from './run-to-end.ts';
import type { Workload } from './workload.ts';

export const long: Workload = {
  name: 'long',
  about: ({ tasks }) => `one execution with ${tasks} tasks in order`,
  full: { executions: 1, tasks: 2_000 },
  short: { executions: 1, tasks: 100 },
  warmUp: { executions: 1, tasks: 500 },
  measure: (lab, runner, size) => runToEnd(lab, runner, { shape: 'long', atOnce: 1, ...size }),
};
