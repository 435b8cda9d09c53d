import type { Runners } from '../runner.ts';
import { approval } from './approval.ts';
import { condition } from './condition.ts';
import { end } from './end.ts';
import { executor } from './executor.ts';
import { fail } from './fail.ts';
import { foreach } from './foreach.ts';
import { parallel } from './parallel.ts';
import { sequential } from './sequential.ts';
import { set } from './set.ts';
import { wait } from './wait.ts';

/** Every task type with what runs it. */
export const runners: Runners = { approval, condition, end, executor, fail, foreach, parallel, sequential, set, wait };
