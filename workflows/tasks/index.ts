import type { Runners } from '../runner.ts';
import { approval } from './approval.ts';
import { condition } from './condition.ts';
import { emit } from './emit.ts';
import { end } from './end.ts';
import { event } from './event.ts';
import { executor } from './executor.ts';
import { fail } from './fail.ts';
import { foreach } from './foreach.ts';
import { loop } from './loop.ts';
import { parallel } from './parallel.ts';
import { sequential } from './sequential.ts';
import { set } from './set.ts';
import { subWorkflow } from './sub-workflow.ts';
import { switchTask } from './switch.ts';
import { tryTask } from './try.ts';
import { wait } from './wait.ts';

/** Every task type with what runs it. */
export const runners: Runners = {
  approval,
  condition,
  emit,
  end,
  event,
  executor,
  fail,
  foreach,
  loop,
  parallel,
  sequential,
  set,
  sub_workflow: subWorkflow,
  switch: switchTask,
  try: tryTask,
  wait,
};
