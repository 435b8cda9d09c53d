import type { WorkflowHandle } from '@temporalio/client';
import type { Json } from '../../src/contract.ts';
import { recordingsByType } from './recordings-by-type.ts';

/** One execution whose history is kept: what runs, and what happens to it from outside. */
export type Recording = {
  readonly name: string;
  readonly definition: string;
  readonly input?: Json;
  readonly drive?: (handle: WorkflowHandle) => Promise<void>;
  /** The second run is kept, which goes on with what the first has done. */
  readonly isContinued?: boolean;
  /** The first engine version that has it. @default 1 */
  readonly since?: number;
};

const approver = { id: 'boss', names: ['boss'], groups: [] };

function decide(approval: string, decision: 'approve' | 'reject') {
  return async (handle: WorkflowHandle): Promise<void> => {
    await handle.executeUpdate('decide', {
      args: [
        {
          approvalId: `${handle.workflowId}~${approval}`,
          decision,
          comment: null,
          data: null,
          actor: approver,
          channel: 'api',
        },
      ],
    });
  };
}

/** Two events for the task `e`, the first of them twice. */
async function sendEvents(handle: WorkflowHandle): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 800));
  const event = { id: 'event1', name: 'go', key: 'k', data: 1, at: '2026-01-01T00:00:00.000Z' };
  const deliveries = [event, event, { ...event, id: 'event2' }].map((one) => ({ path: '/e', event: one }));
  await handle.signal('events', { deliveries });
}

const pause = (name: 'pause' | 'resume') => (handle: WorkflowHandle) =>
  handle.executeUpdate(name, { args: [{ actor: approver, reason: null }] });

export const recordings: readonly Recording[] = [
  ...recordingsByType(decide('ok', 'approve'), sendEvents),
  {
    name: 'breaths',
    definition: `
tasks:
  - id: each
    type: foreach
    items: "{% [1..110] %}"
    maxConcurrency: 30
    collect: none
    tasks: [{ id: a, type: executor, executor: log, local: true, with: { message: x } }]`,
  },
  {
    name: 'local-groups',
    since: 2,
    definition: `
tasks:
  - id: each
    type: foreach
    items: "{% [1..70] %}"
    maxConcurrency: 30
    tasks: [{ id: a, type: executor, executor: transform, local: true, with: { value: "{% $item %}" } }]`,
  },
  {
    name: 'local-series',
    since: 2,
    definition: `
tasks:
  - id: each
    type: foreach
    items: "{% [1..40] %}"
    maxConcurrency: 1
    tasks: [{ id: a, type: executor, executor: transform, local: true, with: { value: "{% $item %}" } }]`,
  },
  {
    name: 'local-series-beside-each-other',
    since: 2,
    definition: `
tasks:
  - id: outer
    type: foreach
    items: [1, 2, 3]
    maxConcurrency: 3
    tasks:
      - id: each
        type: foreach
        items: "{% [1..25] %}"
        maxConcurrency: 1
        tasks: [{ id: a, type: executor, executor: transform, local: true, with: { value: "{% $item %}" } }]`,
  },
  {
    name: 'list-of-normal-and-local-tasks',
    definition: `
tasks:
  - { id: a, type: executor, executor: http, with: { url: "http://x.test" } }
  - { id: b, type: executor, executor: transform, with: { value: "{% $tasks.a.output %}" } }
  - { id: c, type: set, vars: { x: "{% $tasks.b.output %}" } }
  - { id: d, type: executor, executor: log, with: { message: "{% $string($vars.x) %}" } }`,
  },
  {
    name: 'graph-condition-parallel-foreach',
    definition: `
tasks:
  - { id: a, type: executor, executor: http, with: { url: "http://x.test" }, dependencies: [] }
  - { id: nap, type: wait, for: 100ms, dependencies: [] }
  - id: route
    type: condition
    dependencies: [a, nap]
    if: "{% $count($input.items) > 2 %}"
    then:
      - id: each
        type: foreach
        items: "{% $input.items %}"
        maxConcurrency: 2
        tasks: [{ id: send, type: executor, executor: http, with: { url: "http://x.test", body: "{% $item %}" } }]
  - id: both
    type: parallel
    branches:
      one: [{ id: p, type: executor, executor: transform, with: { value: 1 } }]
      two: [{ id: q, type: executor, executor: http, with: { url: "http://x.test" } }]
output: "{% $tasks.both.output %}"`,
    input: { items: [1, 2, 3, 4] },
  },
  {
    name: 'approval-approved',
    definition: `
tasks:
  - { id: ok, type: approval, title: Yes?, assignees: [boss] }
  - { id: after, type: executor, executor: http, with: { url: "http://x.test" } }`,
    drive: decide('ok', 'approve'),
  },
  {
    name: 'approval-rejected',
    definition: 'tasks: [{ id: ok, type: approval, title: Yes?, assignees: [boss] }]',
    drive: decide('ok', 'reject'),
  },
  {
    name: 'approval-escalated-then-expired',
    definition: `
tasks:
  - { id: ok, type: approval, title: Yes?, assignees: [boss], deadline: 300ms, onTimeout: escalate, escalateTo: { candidateGroups: [x], deadline: 300ms, onTimeout: fail } }`,
  },
  {
    name: 'failed-after-retries-with-a-sibling-cancelled',
    definition: `
tasks:
  - { id: nap, type: wait, for: 1h, dependencies: [] }
  - { id: bad, type: executor, executor: failing, with: {}, dependencies: [], retry: { maxAttempts: 2, initialInterval: 10ms } }`,
  },
  {
    name: 'failure-kept-and-early-end',
    definition: `
tasks:
  - { id: bad, type: executor, executor: failing, with: {}, onError: continue, retry: { maxAttempts: 1 } }
  - { id: stop, type: condition, if: "{% $tasks.bad.status = 'failed' %}", then: [{ id: out, type: end, output: "{% $tasks.bad.error.code %}" }] }
  - { id: never, type: fail, code: NEVER, detail: x }`,
  },
  {
    name: 'timed-out',
    definition: `
timeout: 300ms
tasks: [{ id: group, type: sequential, tasks: [{ id: nap, type: wait, for: 1h }] }]`,
  },
  {
    name: 'cancelled',
    definition: 'tasks: [{ id: each, type: foreach, items: [1, 2], tasks: [{ id: nap, type: wait, for: 1h }] }]',
    drive: async (handle) => {
      await handle.cancel();
    },
  },
  {
    name: 'paused-and-resumed',
    definition:
      'tasks: [{ id: nap, type: wait, for: 500ms }, { id: a, type: executor, executor: http, with: { url: "http://x.test" } }]',
    drive: async (handle) => {
      await pause('pause')(handle);
      await new Promise((resolve) => setTimeout(resolve, 800));
      await pause('resume')(handle);
    },
  },
];
