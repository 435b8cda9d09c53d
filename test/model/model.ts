import type { ErrorInfo, Json } from '../../src/contract.ts';
import type { EventInfo } from '../../src/messages.ts';
import type { Roots } from './expressions.ts';
import { evaluate, resolve, Unevaluable } from './expressions.ts';
import { compensate } from './model-calls.ts';
import { accept } from './model-leaves.ts';
import { limited } from './model-control.ts';
import { runList } from './model-lists.ts';
import type { Call, Program, TaskOf, TaskType } from './program.ts';
import type { Scope, Simulation, Strand } from './simulation.ts';
import { createScope, createSimulation, Stopped } from './simulation.ts';
import type { CastBallot, MadeCall, Row, Trace } from './trace.ts';
import { slackOf } from './world.ts';

/** A named error on its way out. */
export class Failure extends Error {
  readonly info: Partial<ErrorInfo> & { code: string };
  constructor(info: Partial<ErrorInfo> & { code: string }) {
    super(info.code);
    this.info = info;
  }
}

/** `end` on its way out. */
export class Ended extends Error {
  readonly output: Json;
  constructor(output: Json) {
    super('end');
    this.output = output;
  }
}

/** Where a list runs. */
export type Frame = {
  readonly scope: Scope;
  readonly path: string;
  readonly views: { [id: string]: Json };
  readonly vars: { [name: string]: Json };
  readonly locals: Roots;
};
export type Outcome = {
  readonly status: 'success' | 'failed' | 'skipped';
  readonly output: Json;
  readonly error: Json;
};
export type Compensation = { readonly path: string; readonly call: Call; readonly input: Json; readonly at: number };
export type Kind<K extends TaskType> = (model: Model, task: TaskOf<K>, frame: Frame) => Strand<Json>;

/** One execution in the model. */
export type Model = {
  readonly program: Program;
  readonly sim: Simulation;
  readonly rows: { [path: string]: Row };
  readonly calls: MadeCall[];
  readonly ballots: CastBallot[];
  readonly approvals: { [path: string]: string };
  /** Of finished tasks, the latest last. */
  compensations: readonly Compensation[];
  /** All events so far, and who is told of further ones. */
  readonly events: EventInfo[];
  readonly waits: Set<(event: EventInfo) => void>;
  /** Ids of events that waits which are over have taken. */
  readonly taken: Set<string>;
};

/**
 * What an execution of a program must do, and whether something in it hangs on the order of one instant; undefined when
 * it would wait for ever.
 */
export function runModel(program: Program): { readonly trace: Trace; readonly isTied: boolean } | undefined {
  const sim = createSimulation(slackOf(program));
  const model: Model = {
    ...{ program, sim, rows: {}, calls: [], ballots: [], approvals: {} },
    ...{ compensations: [], events: [], waits: new Set(), taken: new Set() },
  };
  for (const event of program.script.events) sim.after(event.at, () => accept(model, event));
  const scope = createScope();
  if (program.script.cancelAt !== undefined) sim.after(program.script.cancelAt, scope.cancel);
  const job = sim.run(runExecution(model, scope));
  if (!job.result) return undefined;
  if ('error' in job.result) throw job.result.error;
  const { rows, calls, ballots, approvals } = model;
  return { trace: { ...job.result.value, endedAt: sim.now(), rows, calls, ballots, approvals }, isTied: sim.isTied() };
}

function* runExecution(model: Model, scope: Scope): Strand<Pick<Trace, 'status' | 'output' | 'error'>> {
  const { definition } = model.program;
  const whole = { ...{ path: '', views: {}, locals: {}, vars: {} }, scope };
  try {
    const output = yield* limited(model, scope, definition.timeout, function* (inner) {
      const frame: Frame = { ...whole, scope: inner, vars: { ...definition.vars } };
      const { output, views } = yield* runList(model, definition.tasks, frame);
      return definition.output === undefined ? output : fill(model, { ...frame, views }, definition.output);
    });
    return { status: 'success', output };
  } catch (error) {
    if (error instanceof Ended) return { status: 'success', output: error.output };
    const info = error instanceof Stopped ? { code: 'CANCELLED' } : infoOf(error);
    const status = info.code === 'TIMEOUT' && info.task === undefined ? 'timeout' : 'failed';
    const all = yield* compensate(model, '', info);
    return { status: error instanceof Stopped ? 'cancelled' : status, error: all as ErrorInfo };
  }
}

export function infoOf(error: unknown): Failure['info'] {
  if (error instanceof Failure) return error.info;
  if (error instanceof Unevaluable) return { code: 'EXPRESSION_ERROR' };
  throw error;
}

/** The value of a template in a frame. */
export function fill(model: Model, frame: Frame, template: Json, more: Roots = {}): Json {
  return resolve(template, rootsOf(model, frame, more));
}

/** The value of an expression in a frame. */
export function ask(frame: Frame, model: Model, expression: string, more: Roots = {}): Json {
  return evaluate(expression, rootsOf(model, frame, more));
}

function rootsOf(model: Model, frame: Frame, more: Roots): Roots {
  return { ...frame.locals, input: model.program.input, vars: frame.vars, tasks: frame.views, ...more };
}
