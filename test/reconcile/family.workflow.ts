/** Workflows that do by hand what the interpreter does with children and with long histories, beside the interpreter itself. */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxySinks,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { START_CHILD } from '../../src/messages.ts';
import type { Json, TaskTransition } from '../../src/contract.ts';
import type { EngineCalls, Signals } from '../../src/messages.ts';
import type { PackedInput } from '../../src/run-input.ts';
import { ownInput } from '../../workflows/own-input.ts';

export { default } from '../../workflows/run.ts';

type Call = EngineCalls[typeof START_CHILD]['input'];
export type Wanted = Pick<Call, 'workflow' | 'mode' | 'onParentClose'> & { readonly input?: Json };

const calls = proxyActivities<{
  readonly [START_CHILD]: (input: Call) => Promise<EngineCalls[typeof START_CHILD]['answer']>;
}>({ startToCloseTimeout: '10s', retry: { initialInterval: 100, maximumInterval: 500 } });

/** Starts the children its input names and waits for the ends of those it is to wait for; answers every signal that came. */
export async function parent(packed: PackedInput): Promise<Json> {
  const { tenant, execution, startedBy, input } = ownInput(packed);
  const ends: Signals['childEnded'][] = [];
  setHandler(defineSignal<[Signals['childEnded']]>('childEnded'), (end) => void ends.push(end));
  const wanted = input as unknown as readonly Wanted[];
  for (const [index, { input: childInput = {}, ...child }] of wanted.entries()) {
    await calls[START_CHILD]({
      ...{ tenant, executionId: execution.id, path: `/c${index}`, attempt: 1, version: null, startedBy },
      ...{ ...child, input: childInput, correlationId: execution.correlationId },
    });
  }
  await condition(() => {
    const count = wanted.filter(({ mode }) => mode === 'wait').length;
    return new Set(ends.map(({ executionId }) => executionId)).size === count && count > 0;
  });
  return ends;
}

const { mirror } = proxySinks<{ mirror: { transition: (subject: object, transition: object) => void } }>();

/** A task in each of three runs, and one that waits from the first to the last. */
export async function chain(packed: PackedInput): Promise<Json> {
  const input = ownInput(packed);
  const { run } = (input.carried ?? { run: 0 }) as { run: number };
  const { tenant, execution } = input;
  const subject = { tenant, executionId: execution.id, executionCreatedAt: execution.createdAt };
  let ord = run * 10;
  const tell = (id: string, status: TaskTransition['status'], output?: Json): void => {
    const at = Date.now();
    const task = { path: `/${id}`, taskId: id, type: 'set', dependencies: [], order: 0 };
    const endedAt = status === 'waiting' ? null : at;
    const told = { kind: 'task', task, status, startedAt: at, endedAt, attempt: 0, ...(output && { output }) };
    mirror.transition(subject, { ord: ++ord, at, ...told });
  };
  if (run === 0) tell('long', 'waiting');
  tell(`t${run}`, 'success', { run });
  await condition(() => false, 300);
  if (run < 2) await continueAsNew<typeof chain>({ ...packed, carried: { run: run + 1 } });
  tell('long', 'success', { run });
  return { runs: run + 1, last: workflowInfo().runId };
}
