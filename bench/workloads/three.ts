import { runToEnd } from './run-to-end.ts';
import type { Workload } from './workload.ts';

const AT_ONCE = 40;

export const three: Workload = {
  name: 'three',
  about: ({ executions }) => `three tasks in order, ${executions} executions, ${AT_ONCE} at a time`,
  full: { executions: 300, tasks: 3 },
  short: { executions: 40, tasks: 3 },
  warmUp: { executions: 150, tasks: 3 },
  measure: (lab, runner, size) => runToEnd(lab, runner, { shape: 'three', atOnce: AT_ONCE, ...size }),
};
