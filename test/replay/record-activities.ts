import { Context } from '@temporalio/activity';
import type { WorkflowClient } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { CatalogEntry } from '../../src/definition/compile.ts';
import type { EngineCalls, InSeries, LocalGroup, LocalSeries, Signals } from '../../src/messages.ts';
import type { Json } from '../../src/contract.ts';
import { HAND_OVER } from '../../src/contract.ts';
import {
  BREATHE,
  CLOSE_EVENT_WAIT,
  EMIT_EVENT,
  END_CHILD,
  LOCAL_GROUP,
  LOCAL_SERIES,
  OPEN_EVENT_WAIT,
  START_CHILD,
} from '../../src/messages.ts';
import { childIdOf } from '../../src/ids.ts';

export const catalog: readonly CatalogEntry[] = ['http', 'transform', 'log', 'failing', 'slow'].map((name) => ({
  name,
  local: name === 'transform' || name === 'log',
  inputSchema: {},
  defaults: undefined,
}));

type Call<Name extends keyof EngineCalls> = (input: EngineCalls[Name]['input']) => Promise<EngineCalls[Name]['answer']>;

/** Stand-ins: a history is about what the interpreter does, not about what its activities do. */
export function createActivities(client: WorkflowClient) {
  const tell = (parent: string, end: Signals['childEnded']) => client.getHandle(parent).signal('childEnded', end);

  const startChild: Call<typeof START_CHILD> = async ({ executionId: parent, path, attempt, workflow }) => {
    const executionId = childIdOf(parent, path, attempt);
    const end: Signals['childEnded'] =
      workflow === 'lame'
        ? { executionId, status: 'failed', error: { code: 'BAD', detail: 'on purpose' } }
        : { executionId, status: 'success', output: 1 };
    if (workflow === 'late') setTimeout(() => void tell(parent, end), 1_500);
    else if (workflow !== 'endless') await tell(parent, end);
    return { executionId };
  };

  const endChild: Call<typeof END_CHILD> = async ({ executionId }) => {
    const parent = executionId.slice(0, executionId.indexOf('~'));
    await tell(parent, { executionId, status: 'cancelled', error: { code: 'CANCELLED', detail: 'on request' } });
    return null;
  };

  const emit: Call<typeof EMIT_EVENT> = ({ name }) =>
    name === 'refused'
      ? Promise.reject(ApplicationFailure.nonRetryable('on purpose', 'REFUSED'))
      : Promise.resolve({ id: 'event1' });

  /** A few are left to calls of their own. */
  const group = ({ calls }: LocalGroup['input']): Promise<LocalGroup['answer']> =>
    Promise.resolve(
      Object.fromEntries(
        calls
          .filter((_, index) => index % 10 > 0)
          .map(({ header, input }) => [header.task.path, (input as { readonly value: Json }).value]),
      ),
    );

  /** Only seven have time, and the eighth is left to a call of its own. */
  const series = ({ calls }: LocalSeries['input']): Promise<LocalSeries['answer']> =>
    Promise.resolve(
      Object.fromEntries(
        calls.slice(0, 8).map(({ header, input }, index): [string, InSeries] => {
          const { value: result } = input as { readonly value: Json };
          return [header.task.path, index < 7 ? { from: index, to: index + 1, result } : { from: index }];
        }),
      ),
    );

  return {
    http: (input: unknown) => Promise.resolve({ status: 200, headers: {}, body: input }),
    transform: ({ value }: { value: unknown }) => Promise.resolve(value),
    log: () => Promise.resolve(null),
    failing: () =>
      Promise.reject(ApplicationFailure.create({ type: 'FAILING', message: 'on purpose', details: [{ attempt: 1 }] })),
    slow: async () => {
      const beat = setInterval(() => Context.current().heartbeat(), 100);
      await Context.current()
        .sleep(5_000)
        .finally(() => clearInterval(beat));
    },
    [HAND_OVER]: () => Promise.resolve(),
    [LOCAL_GROUP]: group,
    [LOCAL_SERIES]: series,
    [BREATHE]: () => Promise.resolve(null),
    [OPEN_EVENT_WAIT]: () => Promise.resolve({ events: [] }),
    [CLOSE_EVENT_WAIT]: () => Promise.resolve(null),
    [EMIT_EVENT]: emit,
    [START_CHILD]: startChild,
    [END_CHILD]: endChild,
  };
}
