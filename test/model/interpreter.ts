import type { DecideRequest, Json, TaskTransition, Transition } from '../../src/contract.ts';
import { compile } from '../../src/definition/compile.ts';
import { approvalId } from '../../src/ids.ts';
import type { EngineCalls } from '../../src/messages.ts';
import { CLOSE_EVENT_WAIT, EMIT_EVENT, END_CHILD, OPEN_EVENT_WAIT, START_CHILD } from '../../src/messages.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { interpret } from '../../workflows/interpret.ts';
import { TaskError } from '../../workflows/outcome.ts';
import type { FakeChild } from '../workflows/fake-children.ts';
import type { FakeExecutor, FakeWorld } from '../workflows/fake-world.ts';
import { createFakeWorld } from '../workflows/fake-host.ts';
import { runInputOf } from '../workflows/run-definition.ts';
import type { Definition, Program } from './program.ts';
import { FOR_EVER } from './simulation.ts';
import type { CastBallot, MadeCall, Row, Trace } from './trace.ts';
import { answerOf, EXECUTION, GROUP, QUICK, START } from './world.ts';
import { watched } from './watched-host.ts';

export type Interpret = typeof interpret;

/** Executors by name: the quick one may run as a local activity. */
const EXECUTORS = ['work', QUICK] as const;
const UNREACHABLE = ['TASK_UNREACHABLE', 'CATCH_UNREACHABLE'];

/** The definition doesn't compile. */
export class Refused extends Error {
  /** For reasons that the generator doesn't look for. */
  readonly isExpected: boolean;
  constructor(problems: readonly { readonly code: string; readonly message: string }[]) {
    super(JSON.stringify(problems));
    this.isExpected = problems.every(
      ({ code, message }) => UNREACHABLE.includes(code) || message.startsWith('Nothing comes after'),
    );
  }
}

/** @throws Refused */
function planOf(definition: Definition): Plan {
  const catalog = EXECUTORS.map((name) => ({ name, local: name === QUICK, inputSchema: {}, defaults: undefined }));
  const compiled = compile(JSON.stringify(definition), { format: 'json', version: '1', catalog });
  if (compiled.ok) return compiled.plan;
  throw new Refused(compiled.problems);
}

/** What an interpreter does with a program, people voting when they do in the model. */
export async function runInterpreter(
  interpret: Interpret,
  program: Program,
  ballots: readonly CastBallot[],
): Promise<Trace> {
  const { script, input, definition } = program;
  const calls: MadeCall[] = [];
  const cast: CastBallot[] = [];
  const due = [...script.dueAt];
  const now = (): number => world.time.now() - START;
  let underWay = 0;

  async function work(name: string, { path, attempt, input, sleep }: Parameters<FakeExecutor>[0]): Promise<Json> {
    calls.push({ at: now(), name, path, attempt, input });
    const answer = answerOf(script, path, attempt, name);
    await sleep(answer.kind === 'hangs' ? 2 * FOR_EVER : answer.ms);
    if (answer.kind === 'success') return answer.value;
    throw new TaskError(answer.kind === 'failure' ? answer.code : 'HANGS', 'on purpose');
  }

  const other: FakeChild = (_, attempt, path) => {
    const answer = answerOf(script, path, attempt);
    if (answer.kind === 'hangs') return undefined;
    const isDone = answer.kind === 'success';
    return {
      after: answer.ms,
      end: isDone
        ? { status: 'success', output: answer.value }
        : { status: 'failed', error: { code: answer.code, detail: 'on purpose' } },
    };
  };

  const executors = Object.fromEntries(
    EXECUTORS.map((name) => [name, (context: Parameters<FakeExecutor>[0]) => work(name, context)]),
  );
  const world: FakeWorld = createFakeWorld(executors, {
    start: START,
    children: { other },
    // What is under way would hold the others up, which moves all that comes.
    isLong: () => underWay === 0 && due[0] !== undefined && due[0] <= now(),
  });
  const watch = (host: FakeWorld['host']): FakeWorld['host'] =>
    watched(host, {
      begin: ({ name, input }) => {
        underWay++;
        const made = engineCall(name, input);
        if (made) calls.push({ at: now(), ...made });
      },
      end: () => {
        underWay--;
      },
    });

  world.time.at(START + FOR_EVER, () => {
    throw new Error('it waits for ever');
  });
  if (script.cancelAt !== undefined) world.time.at(START + script.cancelAt, () => world.cancel());
  for (const { at, name, key, data } of script.events)
    world.time.at(START + at, () => world.events.send(name, data, key ?? undefined));
  for (const ballot of ballots)
    world.time.at(START + ballot.at, () => cast.push({ ...ballot, answer: vote(world, ballot) }));

  const runInput = runInputOf(planOf(definition), input);
  let ending = await world.time.run(interpret(runInput, watch(world.host)));
  while (ending.status === 'continued') {
    due.shift();
    ending = await world.time.run(interpret({ ...runInput, carried: ending.carried }, watch(world.nextRun())));
  }
  const told = { rows: rowsOf(world.facts), approvals: approvalsOf(world.facts) };
  return { ...ending, endedAt: now(), calls, ballots: cast, ...told };
}

function vote(world: FakeWorld, { path, user, decision }: CastBallot): string {
  const request: DecideRequest = {
    ...{ approvalId: approvalId(EXECUTION, path, 1), decision, comment: null, data: null, channel: 'api' },
    actor: { id: user, names: [user], groups: user === 'stranger' ? [] : [GROUP] },
  };
  try {
    world.send('decide', request);
    return 'taken';
  } catch (error) {
    if (error instanceof TaskError) return error.code;
    throw error;
  }
}

/** A call of the engine itself as the model notes it. */
function engineCall(name: string, input: unknown): Omit<MadeCall, 'at'> | undefined {
  switch (name) {
    case START_CHILD: {
      const { path, attempt, workflow, input: given, mode, onParentClose } = input as Input<typeof START_CHILD>;
      return { name: 'start child', path, attempt, input: { workflow, input: given, mode, onParentClose } };
    }
    case END_CHILD: {
      const { executionId, how } = input as Input<typeof END_CHILD>;
      return { name: 'end child', path: executionId, attempt: 1, input: { how } };
    }
    case EMIT_EVENT: {
      const { dedupeKey, name: event, key, data } = input as Input<typeof EMIT_EVENT>;
      const path = dedupeKey.slice(EXECUTION.length);
      return { name: 'emit', path, attempt: 1, input: { name: event, key, data } };
    }
    case OPEN_EVENT_WAIT: {
      const { path, name: event, key, count } = input as Input<typeof OPEN_EVENT_WAIT>;
      return { name: 'open wait', path, attempt: 1, input: { name: event, key, count } };
    }
    case CLOSE_EVENT_WAIT: {
      const { path, taken } = input as Input<typeof CLOSE_EVENT_WAIT>;
      return { name: 'close wait', path, attempt: 1, input: { taken } };
    }
    default:
      return undefined;
  }
}

type Input<Name extends keyof EngineCalls> = EngineCalls[Name]['input'];

/** Each task's last word. */
function rowsOf(facts: readonly Transition[]): { readonly [path: string]: Row } {
  const last = facts.filter((fact) => fact.kind === 'task').map((fact) => [fact.task.path, rowOf(fact)] as const);
  return Object.fromEntries(last);
}

function rowOf({ task, status, startedAt, endedAt, output, error }: TaskTransition): Row {
  return {
    ...{ type: task.type, status, startedAt: startedAt === null ? null : startedAt - START },
    endedAt: endedAt === null ? -1 : endedAt - START,
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  };
}

function approvalsOf(facts: readonly Transition[]): { readonly [path: string]: string } {
  const states = facts.filter((fact) => fact.kind === 'approval').map(({ approval }) => approval);
  return Object.fromEntries(states.map(({ path, status }) => [path, status]));
}
