import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { EngineCalls } from '../src/messages.ts';
import { CLOSE_EVENT_WAIT, EMIT_EVENT, OPEN_EVENT_WAIT } from '../src/messages.ts';
import { cleanText, toCleanJson } from '../src/mirror/clean.ts';
import type { Database } from '../src/store/database.ts';
import { refusalOf } from '../src/store/event-refusals.ts';
import { closeWait, openWait } from '../src/store/event-waits.ts';
import { insertEvent } from '../src/store/events.ts';

type EventCalls = Pick<EngineCalls, typeof OPEN_EVENT_WAIT | typeof CLOSE_EVENT_WAIT | typeof EMIT_EVENT>;
type Activities<Calls extends { readonly [name: string]: { readonly input: unknown; readonly answer: unknown } }> = {
  readonly [Name in keyof Calls]: (input: Calls[Name]['input']) => Promise<Calls[Name]['answer']>;
};

const CODES = { TOO_LARGE: 'PAYLOAD_TOO_LARGE', INVALID: 'INPUT_INVALID' } as const;

/**
 * The activities by which the interpreter waits for events and sends them. They wait for PostgreSQL and fail while it is
 * away; what it refuses for good ends them with a code.
 */
export function createEventCalls(database: Pick<Database, 'asEngine'>): Activities<EventCalls> {
  return {
    [OPEN_EVENT_WAIT]: async (input) => {
      const wait = { ...input, key: cleanKey(input.key), where: cleanKey(input.where), registeredAt: scheduledAt() };
      return { events: await refusing(() => database.asEngine((session) => openWait(session, wait))) };
    },
    [CLOSE_EVENT_WAIT]: async (input) => {
      await database.asEngine((session) => closeWait(session, { ...input, askedAt: scheduledAt() }));
      return null;
    },
    [EMIT_EVENT]: async ({ tenant, executionId, dedupeKey, name, key, data }) => {
      const event = {
        name,
        key: cleanKey(key),
        data: toCleanJson(data),
        source: `emit ${executionId}`,
        dedupeKey: `emit:${dedupeKey}`,
      };
      const { id } = await refusing(() => database.asEngine((session) => insertEvent(session, tenant, event)));
      return { id };
    },
  };
}

/** The same in every attempt, ms of Temporal's clock. */
function scheduledAt(): number {
  return activityInfo().scheduledTimestampMs;
}

function cleanKey(key: string | null): string | null {
  return key === null ? null : cleanText(key);
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    throw ApplicationFailure.nonRetryable(refusal.detail, CODES[refusal.code]);
  }
}
