import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import type { ApprovalState, ErrorInfo, ExecutionStatus, Json } from '../contract.ts';
import type { Signals } from '../messages.ts';
import type { Link } from './link.ts';
import { decode, toMs } from './proto-values.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Failure = temporal.api.failure.v1.IFailure;

/** How a run ended, in the mirror's words. */
export type Closed = {
  readonly status: Exclude<ExecutionStatus, 'pending' | 'running' | 'paused'>;
  /** Null unless it succeeded. */
  readonly output: Json;
  readonly error: ErrorInfo | null;
  /** Temporal ended it from outside: no code of the run had a say. */
  readonly byTemporal: boolean;
  /** ms; Temporal's clock. */
  readonly closeTime: number;
  readonly lastEventId: number;
  /**
   * When the workflow task began that decided it, ms; null where that is too far back in the history to be worth a look.
   * What the workflow told before was told by a task that Temporal refused.
   */
  readonly decidedFrom: number | null;
  /**
   * One of its last workflow tasks was done twice, as its worker died or something came in between: what the first time
   * told of it Temporal doesn't know.
   */
  readonly isRetold: boolean;
  /** What the last answer to an update said of each approval, by id; null where the history is too long to be worth a look. */
  readonly answered: ReadonlyMap<string, ApprovalState> | null;
};

const { TIMEOUT_TYPE_START_TO_CLOSE } = proto.temporal.api.enums.v1.TimeoutType;
const PATIENCE_MS = 3_000;
const CHILD_ENDED: keyof Signals = 'childEnded';
/** Enough for the last workflow task, unless many local activities ended in it; and for all of a short history. */
const LAST_EVENTS = 60;
/** Where it pays to have all of a longer one: each decision leaves five or six. */
const MORE_EVENTS = 500;

/**
 * The end of a closed run from its last events; undefined while it is open, or where it went on as another run.
 * @param hasApprovals whether answers are looked for in a longer history, too
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE, WorkflowNotFoundError
 */
export async function readClosed(
  link: Link,
  workflowId: string,
  runId: string,
  hasApprovals: boolean,
): Promise<Closed | undefined> {
  const { history } = await link.within(PATIENCE_MS, () =>
    link.service.getWorkflowExecutionHistoryReverse({
      namespace: link.namespace,
      execution: { workflowId, runId },
      maximumPageSize: hasApprovals ? MORE_EVENTS : LAST_EVENTS,
    }),
  );
  const events = history?.events ?? [];
  const answers = events.filter((event) => event.workflowExecutionUpdateCompletedEventAttributes);
  await link.resolve([...events.slice(0, 1), ...answers]);
  const closed = events[0] && closedBy(events[0]);
  const isWhole = events.at(-1)?.workflowExecutionStartedEventAttributes;
  return (
    closed && {
      ...closed,
      decidedFrom: toMs(decidingTask(events)?.eventTime),
      isRetold: events.some(wasDoneInVain),
      answered: isWhole ? lastAnswers(answers) : null,
    }
  );
}

/**
 * The last workflow task; of a child that its parent waits for, the one that told the parent: behind it the child only
 * hears that this was done.
 * @param events newest first
 */
function decidingTask(events: readonly Event[]): Event | undefined {
  const told = events.findIndex(
    ({ signalExternalWorkflowExecutionInitiatedEventAttributes: signal }) => signal?.signalName === CHILD_ENDED,
  );
  return events.slice(Math.max(told, 0)).find((event) => event.workflowTaskStartedEventAttributes);
}

/** @param answers newest first */
function lastAnswers(answers: readonly Event[]): ReadonlyMap<string, ApprovalState> {
  const states = answers.map(
    ({ workflowExecutionUpdateCompletedEventAttributes: about }) =>
      decode(about?.outcome?.success?.payloads?.[0]) as Partial<ApprovalState> | null,
  );
  // A pause is answered, too.
  const approvals = states.filter((state): state is ApprovalState => Array.isArray(state?.votes));
  return new Map(approvals.reverse().map((state) => [state.id, state]));
}

/** A workflow task that nobody took up in time has told nothing. */
function wasDoneInVain({
  workflowTaskFailedEventAttributes: failed,
  workflowTaskTimedOutEventAttributes: late,
}: Event) {
  return Boolean(failed) || (late !== null && late !== undefined && late.timeoutType === TIMEOUT_TYPE_START_TO_CLOSE);
}

/** What a closing event says; undefined for any other. */
function closedBy(event: Event): Omit<Closed, 'decidedFrom' | 'isRetold' | 'answered'> | undefined {
  const at = { closeTime: toMs(event.eventTime) ?? 0, lastEventId: Number(event.eventId ?? 0) };
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) {
    const output = decode(completed.result?.payloads?.[0]);
    return { ...at, status: 'success', output, error: null, byTemporal: false };
  }
  const ended = (status: Closed['status'], error: ErrorInfo, byTemporal = false) => {
    return { ...at, status, output: null, error, byTemporal };
  };
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const error = errorOf(failed.failure);
    // A task's own timeout names the task and fails the execution; the execution's names none.
    return ended(error.code === 'TIMEOUT' && error.task === undefined ? 'timeout' : 'failed', error);
  }
  if (event.workflowExecutionCanceledEventAttributes) {
    return ended('cancelled', { code: 'CANCELLED', detail: 'Cancelled on request' });
  }
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    return ended('cancelled', { code: 'TERMINATED', detail: terminated.reason || 'Terminated without a reason' }, true);
  }
  if (event.workflowExecutionTimedOutEventAttributes) {
    return ended('timeout', { code: 'TIMEOUT', detail: 'The run took longer than Temporal allows it' }, true);
  }
  return undefined;
}

/** The interpreter sends its `ErrorInfo` along; anything else is a defect of ours or of Temporal. */
function errorOf(failure: Failure | null | undefined): ErrorInfo {
  const info = failure?.applicationFailureInfo;
  const details = decode(info?.details?.payloads?.[0]);
  if (isErrorInfo(details)) return details;
  const type = info?.type ?? '';
  const detail = failure?.message || 'It failed without a message';
  return { code: /^[A-Z][A-Z0-9_]*$/.test(type) ? type : 'INTERNAL', detail };
}

function isErrorInfo(value: unknown): value is ErrorInfo {
  const info = value as Partial<ErrorInfo> | null;
  return typeof info === 'object' && info !== null && typeof info.code === 'string' && typeof info.detail === 'string';
}
