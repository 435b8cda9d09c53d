import { EMIT_EVENT } from '../../src/messages.ts';
import type { Runner } from '../runner.ts';
import { callEngine } from '../engine-call.ts';
import { checkPayload } from '../payload.ts';
import { resolveIn } from '../scope.ts';
import { keyOf } from './event.ts';

/** Sends an event to whoever waits for it; the output is its id. */
export const emit: Runner<'emit'> = async ({ run, task, path, frame, showInput }) => {
  const { tenant, execution } = run.input;
  const event = { name: task.name, key: keyOf(run, frame, task.key), data: resolveIn(run, frame, task.data) };
  checkPayload(event, 'The event');
  showInput(event);
  const dedupeKey = `${execution.rootId}${path}`;
  return await callEngine(frame.host, EMIT_EVENT, path, { tenant, executionId: execution.id, dedupeKey, ...event });
};
