import type { Json } from '../src/contract.ts';
import type { Expression, PlanTask, Template } from '../src/plan/plan.ts';
import type { Clock, Roots } from '../src/expression/evaluate.ts';
import { ExpressionError } from '../src/expression/evaluate.ts';
import { resolveTemplate } from '../src/expression/template.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';
import type { Outcome } from './outcome.ts';
import { TaskError } from './outcome.ts';

export type TaskView = { readonly output: Json; readonly status: string; readonly error: Json };

/** How `$tasks.<id>` shows a task. */
export function viewOf(task: PlanTask, { output, status, error }: Outcome): TaskView {
  return { output: task.keep ? output : null, status, error: error ?? null };
}

/** Where a list of tasks runs: its cancellation scope, its place, and what its expressions see. */
export type Frame = {
  readonly host: Host;
  /** Path of the task or iteration around the list; '' at the top. */
  readonly path: string;
  /** Earlier siblings and those of every enclosing list. */
  readonly tasks: { [id: string]: TaskView };
  /** Shared by condition and sequential, copied for branches and iterations. */
  readonly vars: { [name: string]: Json };
  /** What was set since the enclosing task began. */
  readonly changes: { [name: string]: Json };
  /** `$item`, `$index` and what `as` names. */
  readonly locals: { readonly [root: string]: Json };
  readonly itemIndex?: number;
  /** Inside a loop tasks don't count towards progress. */
  readonly inLoop: boolean;
  /** Static tasks counted as through since the enclosing task began. */
  readonly counted: { tasks: number };
};

/** A frame for one branch or iteration: variables are copied, what it sets stays inside. */
export function branchFrame(frame: Frame, change: Pick<Frame, 'host' | 'path'> & Partial<Frame>): Frame {
  return { ...frame, vars: { ...frame.vars }, changes: {}, ...change };
}

export function setVariables(frame: Frame, values: { readonly [name: string]: Json }): void {
  Object.assign(frame.vars, values);
  Object.assign(frame.changes, values);
}

function rootsOf(run: Run, frame: Frame, more: Roots): Roots {
  return {
    ...frame.locals,
    input: run.input.input,
    vars: frame.vars,
    tasks: frame.tasks,
    execution: run.input.execution,
    ...more,
  };
}

/** How an expression is evaluated. */
type Options = {
  readonly more?: Roots;
  readonly sequenceLimit?: number;
  /** Time and chance are the same whenever it is evaluated again for this place. */
  readonly frozen?: { readonly path: string; readonly at: number };
};

function frozenClock(executionId: string, { path, at }: NonNullable<Options['frozen']>): Clock {
  // Park and Miller's generator: https://doi.org/10.1145/63039.63042
  let seed = Array.from(executionId + path).reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 2147483647, 1);
  return { now: () => at, random: () => (seed = (seed * 16807) % 2147483647) / 2147483647 };
}

/**
 * Value of an expression in a frame; `more` adds roots such as `$result`.
 * @throws TaskError with EXPRESSION_ERROR or EXPRESSION_LIMIT
 */
export function evaluateIn(run: Run, frame: Frame, expression: Expression, options: Options = {}): Json {
  try {
    return run.evaluator.evaluate(expression, rootsOf(run, frame, options.more ?? {}), {
      ...(options.sequenceLimit === undefined ? {} : { sequenceLimit: options.sequenceLimit }),
      ...(options.frozen === undefined ? {} : { clock: frozenClock(run.input.execution.id, options.frozen) }),
      steps: run.breath.left(),
      spend: run.breath.spend,
    });
  } catch (error) {
    if (error instanceof ExpressionError) throw new TaskError(error.code, `{% ${expression} %}: ${error.message}`);
    throw error;
  }
}

/** A template with its expressions replaced by their values. */
export function resolveIn(run: Run, frame: Frame, template: Template, options: Options = {}): Json {
  return resolveTemplate(template, (expression) => evaluateIn(run, frame, expression, options));
}
