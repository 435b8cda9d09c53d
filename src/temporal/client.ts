import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { RunInput, Updates } from '../contract.ts';
import type { Signals } from '../messages.ts';
import { readChain } from './chain.ts';
import type { Chain } from './chain.ts';
import { readClosed } from './closed.ts';
import type { Closed } from './closed.ts';
import { describeWorkflow } from './describe.ts';
import { endShards } from './end-shards.ts';
import type { Described } from './describe.ts';
import { cancelWorkflow, terminateWorkflow } from './end.ts';
import type { EndOutcome } from './end.ts';
import { createLink } from './link.ts';
import type { TemporalOptions } from './link.ts';
import { listChanged, listRuns } from './list-changed.ts';
import type { Listed } from './list-changed.ts';
import { readPending } from './pending.ts';
import type { PendingWork } from './pending.ts';
import { readPollers } from './pollers.ts';
import type { Poller } from './pollers.ts';
import { signalWorkflow } from './signal.ts';
import { startWorkflow } from './start.ts';
import { updateWorkflow } from './update.ts';

export type { Closed } from './closed.ts';
export type { Described } from './describe.ts';
export type { EndOutcome } from './end.ts';
export type { Listed } from './list-changed.ts';
export type { PendingActivity, PendingWork } from './pending.ts';

/** Every call ends within a few seconds; all throw Problem TEMPORAL_UNAVAILABLE when Temporal doesn't answer. */
export type Temporal = {
  /**
   * Starts an execution, at most once; returns its run id.
   * @throws Problem INPUT_INVALID when Temporal refuses it for good
   */
  readonly start: (
    input: RunInput,
    options: {
      readonly title: string;
      /** ms @default 3,000 */
      readonly timeout?: number;
    },
  ) => Promise<string>;
  /**
   * Sends an update and waits for its answer; the same `updateId` again gets the same answer.
   * @throws Problem what the workflow's validator refuses, with the approval as `extra.approval`; EXECUTION_ENDED,
   * NOT_FOUND, WORKER_UNAVAILABLE
   */
  readonly update: <Name extends keyof Updates>(
    name: Name,
    workflowId: string,
    request: Updates[Name]['request'],
    options: {
      readonly updateId: string;
      /** ms @default 10,000 */
      readonly timeout?: number;
    },
  ) => Promise<Updates[Name]['answer']>;
  /** Sends a signal to the latest run; false when there is none that could take it. */
  readonly signal: <Name extends keyof Signals>(
    name: Name,
    workflowId: string,
    payload: Signals[Name],
  ) => Promise<boolean>;
  readonly cancel: (workflowId: string, reason: string) => Promise<EndOutcome>;
  readonly terminate: (workflowId: string, reason: string) => Promise<EndOutcome>;
  /** The latest run; undefined when Temporal doesn't know the workflow. */
  readonly describe: (workflowId: string) => Promise<Described | undefined>;
  /** What the latest run waits for; undefined when Temporal doesn't know the workflow. */
  readonly pending: (workflowId: string) => Promise<PendingWork | undefined>;
  /** Who asked a task queue for work in the last five minutes. */
  readonly pollers: (taskQueue: string, kind: 'workflow' | 'activity') => Promise<readonly Poller[]>;
  /** Ends the shards of a run that is over. */
  readonly endShards: (workflowId: string, runId: string, reason: string) => Promise<void>;
  /** How a run ended; undefined while it is open or where it went on as another run. @param hasApprovals whether its answers are looked for in a longer history, too */
  readonly closeResult: (workflowId: string, runId: string, hasApprovals?: boolean) => Promise<Closed | undefined>;
  /** The runs that continue-as-new made of one execution, from the first that Temporal still knows to this one. */
  readonly chain: (workflowId: string, lastRunId: string) => Promise<Chain>;
  /** All events of a run, large values in their places. */
  readonly history: (workflowId: string, runId: string) => Promise<History>;
  /** Runs that started or ended since a time of Temporal's clock; one that goes on as another has not ended. */
  readonly listChanged: (since: Date) => Promise<readonly Listed[]>;
  /** The latest runs of this task queue, page by page: those that are open, or all that Temporal remembers. */
  readonly listRuns: (which: 'open' | 'all') => AsyncGenerator<readonly Listed[]>;
  /** How long Temporal keeps an execution after its end, ms. */
  readonly retention: () => Promise<number>;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const START_TIMEOUT_MS = 3_000;
const UPDATE_TIMEOUT_MS = 10_000;
const HISTORY_TIMEOUT_MS = 20_000;

/** The way to Temporal: connects when it is first needed, and again whenever it has to. */
export function createTemporal(options: TemporalOptions): Temporal {
  const link = createLink(options);
  const describeNamespace = () =>
    link.within(2_000, () => link.service.describeNamespace({ namespace: link.namespace }));
  return {
    start: (input, { title, timeout = START_TIMEOUT_MS }) => startWorkflow(link, input, { title, timeout }),
    update: (name, workflowId, request, { updateId, timeout = UPDATE_TIMEOUT_MS }) =>
      updateWorkflow(link, { name, workflowId, request }, { updateId, timeout }),
    signal: (name, workflowId, payload) => signalWorkflow(link, { name, workflowId, payload }),
    cancel: (workflowId, reason) => cancelWorkflow(link, workflowId, reason),
    terminate: (workflowId, reason) => terminateWorkflow(link, workflowId, reason),
    describe: (workflowId) => describeWorkflow(link, workflowId),
    pending: (workflowId) => readPending(link, workflowId),
    pollers: (taskQueue, kind) => readPollers(link, taskQueue, kind),
    endShards: (workflowId, runId, reason) => endShards(link, { workflowId, runId }, reason),
    closeResult: (workflowId, runId, hasApprovals = false) => readClosed(link, workflowId, runId, hasApprovals),
    chain: (workflowId, lastRunId) => readChain(link, workflowId, lastRunId),
    history: async (workflowId, runId) => {
      const handle = link.workflows.getHandle(workflowId, runId);
      const history = await link.within(HISTORY_TIMEOUT_MS, () => handle.fetchHistory());
      await link.resolve(history.events ?? []);
      return history;
    },
    listChanged: (since) => listChanged(link, since),
    listRuns: (which) => listRuns(link, which),
    retention: async () => {
      const { config } = await describeNamespace();
      return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1_000;
    },
    ping: async () => {
      await describeNamespace();
    },
    close: link.close,
  };
}
