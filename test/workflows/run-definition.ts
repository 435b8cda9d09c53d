import type { Json, RunInput, TaskStatus, Transition } from '../../src/contract.ts';
import { ENGINE_VERSION } from '../../src/contract.ts';
import { compile } from '../../src/definition/compile.ts';
import type { CatalogEntry } from '../../src/definition/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { interpret } from '../../workflows/interpret.ts';
import type { Ending } from '../../workflows/run-plan.ts';
import type { Outcome } from '../../workflows/outcome.ts';
import type { FakeExecutor, FakeOptions, FakeWorld } from './fake-world.ts';
import { createFakeWorld } from './fake-host.ts';

export type Result = {
  readonly ending: Ending;
  readonly world: FakeWorld;
  /** Last status of every task, by path, as the facts handed over say. */
  readonly rows: { readonly [path: string]: TaskStatus };
  /** ms of virtual time. */
  readonly took: number;
  /** 1 where it never went on in another run. */
  readonly runs: number;
};

export type Start = Pick<FakeOptions, 'children' | 'isLong' | 'isReplay' | 'isPatched'> & {
  readonly input?: Json;
  readonly executors?: { readonly [name: string]: FakeExecutor };
  readonly settled?: { readonly [path: string]: Outcome };
  /** Called before it runs: sets what happens at which time. */
  readonly script?: (world: FakeWorld, startedAt: number) => void;
};

const ANY_INPUT: Json = {};

/** Compiles a definition (YAML) for the executors given; those named `quick…` may run as local activities. */
export function planOf(source: string, executors: readonly string[] = []): Plan {
  const catalog: CatalogEntry[] = executors.map((name) => ({
    name,
    local: name.startsWith('quick'),
    inputSchema: ANY_INPUT,
    defaults: undefined,
  }));
  const compiled = compile(source, { format: 'yaml', name: 'test', version: '1', catalog });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return compiled.plan;
}

export function runInputOf(plan: Plan, input: Json = {}): RunInput {
  return {
    engineVersion: ENGINE_VERSION,
    tenant: 'default',
    execution: {
      id: 'e1',
      rootId: 'e1',
      workflow: 'test',
      version: '1',
      correlationId: null,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
    startedBy: 'starter',
    plan,
    input,
    localActivities: true,
  };
}

/** Runs a definition to its end in virtual time. */
export async function runDefinition(source: string, start: Start = {}): Promise<Result> {
  const executors = { call: ({ input }: { input: Json }) => input, ...start.executors };
  const world = createFakeWorld(executors, start);
  const startedAt = world.time.now();
  start.script?.(world, startedAt);
  const plan = planOf(source, Object.keys(executors));
  const { ending, runs } = await runToEnd(world, runInputOf(plan, start.input), start.settled);
  return { ending, world, runs, rows: lastStatuses(world.facts), took: world.time.now() - startedAt };
}

/** Goes on in further runs until the execution has ended. */
export async function runToEnd(
  world: FakeWorld,
  input: RunInput,
  settled?: { readonly [path: string]: Outcome },
): Promise<{ readonly ending: Ending; readonly runs: number }> {
  let ending = await world.time.run(interpret(input, world.host, settled));
  let runs = 1;
  for (; ending.status === 'continued'; runs++) {
    ending = await world.time.run(interpret({ ...input, carried: ending.carried }, world.nextRun()));
  }
  return { ending, runs };
}

export function lastStatuses(transitions: readonly Transition[]): { [path: string]: TaskStatus } {
  const rows: { [path: string]: TaskStatus } = {};
  for (const transition of transitions) {
    if (transition.kind === 'task') rows[transition.task.path] = transition.status;
  }
  return rows;
}
