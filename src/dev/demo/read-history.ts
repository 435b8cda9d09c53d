import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { HAND_OVER, type Json } from '../../contract.ts';

type Event = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;

export type ActivityInHistory = {
  readonly path: string;
  readonly type: string;
  readonly attempt: number;
  readonly local: boolean;
  readonly status: 'success' | 'failed' | 'timeout' | 'cancelled';
  readonly result: Json;
};
/** What Temporal says of one execution: the only truth the mirror is measured by. */
export type TemporalHistory = {
  readonly runId: string;
  readonly events: number;
  readonly status: 'success' | 'failed' | 'timeout' | 'cancelled' | 'running';
  readonly output: Json;
  readonly activities: readonly ActivityInHistory[];
  /** The accepted decisions, in order. */
  readonly decisions: readonly { readonly user: string; readonly decision: string }[];
};

/** Reads an execution's whole history from Temporal and picks out what the mirror tells too. */
export async function readHistory(
  at: { readonly address: string; readonly namespace: string },
  workflowId: string,
): Promise<TemporalHistory> {
  const connection = await Connection.connect({ address: at.address });
  try {
    const handle = new Client({ connection, namespace: at.namespace }).workflow.getHandle(workflowId);
    const { runId } = await handle.describe();
    const { events } = await handle.fetchHistory();
    return { runId, ...summarise(events ?? []) };
  } finally {
    await connection.close();
  }
}

/** Sums a history's events up. */
export function summarise(events: readonly Event[]): Omit<TemporalHistory, 'runId'> {
  const closed = events.at(-1);
  const completed = closed?.workflowExecutionCompletedEventAttributes;
  return {
    events: events.length,
    status: statusOf(closed),
    output: decode(completed?.result?.payloads?.[0]),
    activities: [...normalActivities(events), ...localActivities(events)],
    decisions: events.flatMap((event) => {
      const request = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest;
      if (request?.input?.name !== 'decide') return [];
      const decide = decode(request.input.args?.payloads?.[0]) as { actor: { id: string }; decision: string };
      return [{ user: decide.actor.id, decision: decide.decision }];
    }),
  };
}

function statusOf(closed: Event | undefined): TemporalHistory['status'] {
  if (closed?.workflowExecutionCompletedEventAttributes) return 'success';
  if (closed?.workflowExecutionFailedEventAttributes) return 'failed';
  if (closed?.workflowExecutionTimedOutEventAttributes) return 'timeout';
  if (closed?.workflowExecutionCanceledEventAttributes || closed?.workflowExecutionTerminatedEventAttributes) {
    return 'cancelled';
  }
  return 'running';
}

function normalActivities(events: readonly Event[]): readonly ActivityInHistory[] {
  const attempts = new Map<string, number>();
  for (const { activityTaskStartedEventAttributes: started } of events) {
    if (started) attempts.set(String(started.scheduledEventId), started.attempt ?? 1);
  }
  const ends = new Map<string, Pick<ActivityInHistory, 'status' | 'result'>>();
  for (const event of events) {
    const completed = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes;
    const late = event.activityTaskTimedOutEventAttributes;
    const cancelled = event.activityTaskCanceledEventAttributes;
    const id = String((completed ?? failed ?? late ?? cancelled)?.scheduledEventId);
    if (completed) ends.set(id, { status: 'success', result: decode(completed.result?.payloads?.[0]) });
    else if (failed) ends.set(id, { status: 'failed', result: null });
    else if (late) ends.set(id, { status: 'timeout', result: null });
    else if (cancelled) ends.set(id, { status: 'cancelled', result: null });
  }
  return events.flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) => {
    const end = ends.get(String(eventId));
    if (!scheduled || end === undefined) return [];
    const about = { path: scheduled.activityId ?? '', type: scheduled.activityType?.name ?? '', local: false };
    return [{ ...about, attempt: attempts.get(String(eventId)) ?? 0, ...end }];
  });
}

/** A local activity leaves one marker: its type and result in the details, its path in the summary. */
function localActivities(events: readonly Event[]): readonly ActivityInHistory[] {
  return events.flatMap(({ markerRecordedEventAttributes: marker, userMetadata }) => {
    if (marker?.markerName !== 'core_local_activity') return [];
    const about = decode(marker.details?.['data']?.payloads?.[0]) as { activity_type: string; attempt: number };
    if (about.activity_type === HAND_OVER) return [];
    return [
      {
        path: textOf(decode(userMetadata?.summary)),
        type: about.activity_type,
        attempt: about.attempt,
        local: true,
        status: marker.failure ? ('failed' as const) : ('success' as const),
        result: decode(marker.details?.['result']?.payloads?.[0]),
      },
    ];
  });
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : '';
}

function decode(payload: Payload | null | undefined): Json {
  if (!payload) return null;
  const value: unknown = defaultPayloadConverter.fromPayload(payload);
  return (value ?? null) as Json;
}
