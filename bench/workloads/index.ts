import { approvals } from './approvals.ts';
import { long } from './long.ts';
import { one } from './one.ts';
import { three } from './three.ts';
import { waiting } from './waiting.ts';
import { wide } from './wide.ts';
import type { Workload } from './workload.ts';

/** All there are, in the order they run in. */
export const WORKLOADS: readonly Workload[] = [three, wide, long, approvals, waiting, one];
