import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { temporal } from '@temporalio/proto';
import { HAND_OVER } from '../contract.ts';
import type { Json, RunInput, TaskIdentity } from '../contract.ts';
import { LOCAL_GROUP, LOCAL_SERIES } from '../messages.ts';
import type { LocalGroup, LocalSeries } from '../messages.ts';
import { headerIn } from '../task-header.ts';
import type { PackedInput } from '../run-input.ts';
import { unpackInput } from '../run-input.ts';
import { decode, toMs } from '../temporal/proto-values.ts';
import { identityOf } from './identity-of.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** An activity that succeeded, as a run's history has it. */
export type FinishedActivity = {
  readonly task: TaskIdentity;
  readonly attempt: number;
  readonly local: boolean;
  readonly result: Json;
  /** ms; null where the history doesn't tell. */
  readonly startedAt: number | null;
  readonly endedAt: number;
};

/** The run's input, undefined in a history that is none of ours. */
export function runInputIn({ events }: History): RunInput | undefined {
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const packed = decode(started?.input?.payloads?.[0]) as PackedInput | null;
  if (!started || !packed?.plan || !packed.execution) return undefined;
  return unpackInput(packed, {
    workflowId: started.workflowId ?? '',
    workflowType: started.workflowType?.name ?? '',
    acceptedAt: decode(started.memo?.fields?.['acceptedAt']),
  });
}

/** Normal activities of tasks that the history saw neither succeed nor end otherwise. */
export function unfinishedActivities({ events }: History): readonly Pick<FinishedActivity, 'task' | 'startedAt'>[] {
  const open = new Map<string, Event>();
  for (const event of events ?? []) {
    if (event.activityTaskScheduledEventAttributes) open.set(String(event.eventId), event);
    const ended =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskTimedOutEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    if (ended) open.delete(String(ended.scheduledEventId));
  }
  return [...open.values()].flatMap((event) => {
    const task = taskOf(event);
    return task ? [{ task, startedAt: toMs(event.eventTime) }] : [];
  });
}

/** Activities of tasks that succeeded, in the order of the history. */
export function finishedActivities(history: History, { plan }: RunInput): readonly FinishedActivity[] {
  const scheduled = new Map<string, Event>();
  const attempts = new Map<string, number>();
  const finished: FinishedActivity[] = [];
  for (const event of history.events ?? []) {
    if (event.activityTaskScheduledEventAttributes) scheduled.set(String(event.eventId), event);
    const started = event.activityTaskStartedEventAttributes;
    if (started) attempts.set(String(started.scheduledEventId), started.attempt ?? 1);
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) {
      const id = String(completed.scheduledEventId);
      const activity = normalActivity(event, scheduled.get(id), attempts.get(id) ?? 1);
      if (activity) finished.push(activity);
    }
    finished.push(...localActivities(event, (path) => identityOf(plan, path)));
  }
  return finished;
}

function normalActivity(event: Event, scheduled: Event | undefined, attempt: number): FinishedActivity | undefined {
  const task = scheduled && taskOf(scheduled);
  if (!task) return undefined;
  return {
    task,
    attempt,
    local: false,
    result: decode(event.activityTaskCompletedEventAttributes?.result?.payloads?.[0]),
    startedAt: toMs(scheduled.eventTime),
    endedAt: toMs(event.eventTime) ?? 0,
  };
}

/** The task that an activity was scheduled for; undefined for the engine's own calls, which have a dot in their name. */
function taskOf({ activityTaskScheduledEventAttributes: about }: Event): TaskIdentity | undefined {
  const activityType = about?.activityType?.name ?? '';
  if (activityType.includes('.')) return undefined;
  // Whose task it is, is known.
  const carrier = { workflowId: '', activityType, activityId: about?.activityId ?? '' };
  return headerIn((name) => decode(about?.header?.fields?.[name]), carrier)?.task;
}

/**
 * A local activity leaves one marker: its type and attempt in the details, its path in the summary; a group or a series of
 * them one with the results by path.
 */
function localActivities(
  { markerRecordedEventAttributes: marker, userMetadata, eventTime }: Event,
  identify: (path: string) => TaskIdentity | undefined,
): readonly FinishedActivity[] {
  if (marker?.markerName !== 'core_local_activity' || marker.failure) return [];
  const about = decode(marker.details?.['data']?.payloads?.[0]) as { activity_type?: string; attempt?: number } | null;
  if (about?.activity_type === HAND_OVER) return [];
  const result = decode(marker.details?.['result']?.payloads?.[0]);
  const endedAt = toMs(eventTime) ?? 0;
  return resultsOf(about?.activity_type, result, () => decode(userMetadata?.summary)).flatMap(([path, value]) => {
    const task = typeof path === 'string' ? identify(path) : undefined;
    return task ? [{ task, attempt: about?.attempt ?? 1, local: true, result: value, startedAt: null, endedAt }] : [];
  });
}

function resultsOf(type: string | undefined, result: Json, path: () => Json): readonly (readonly [Json, Json])[] {
  if (type === LOCAL_GROUP) return Object.entries(result as LocalGroup['answer']);
  if (type !== LOCAL_SERIES) return [[path(), result]];
  return Object.entries(result as LocalSeries['answer']).flatMap(([place, told]) =>
    told.to === undefined ? [] : [[place, told.result] as const],
  );
}
