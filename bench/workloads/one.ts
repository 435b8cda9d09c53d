import { runToEnd } from './run-to-end.ts';
import type { Workload } from './workload.ts';

export const one: Workload = {
  name: 'one',
  about: ({ executions }) => `three tasks in order, ${executions} executions, one at a time`,
  full: { executions: 100, tasks: 3 },
  short: { executions: 15, tasks: 3 },
  warmUp: { executions: 50, tasks: 3 },
  variants: ['hand normal', 'hand local', 'weft normal', 'weft', 'weft local', 'dbos', 'restate', 'restate call'],
  measure: (lab, runner, size) => runToEnd(lab, runner, { shape: 'three', atOnce: 1, ...size }),
};
