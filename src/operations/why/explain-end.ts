import { errorOf } from '../../mirror/read-executions.ts';
import type { ExecutionDetail } from '../../mirror/read-executions.ts';
import { weft } from './move.ts';
import type { Move } from './wait.ts';

/** Longer inputs are not written into a command, characters. */
const MOST_INPUT = 1_000;

/** How an execution ended, as a sentence. */
export function endInWords(execution: ExecutionDetail): string {
  const { status, endedAt } = execution;
  const when = endedAt === null ? '' : ` at ${endedAt.toISOString()}`;
  const error = errorOf(execution);
  if (error === null) return `It ended with ${status}${when}.`;
  const where = error.task === undefined ? '' : ` at ${error.task}`;
  const attempt = error.attempt === undefined ? '' : ` (attempt ${error.attempt})`;
  return `It ended with ${status}${when}: ${error.code}${where}${attempt}: ${error.detail}`;
}

/** What comes after an end that is none to be content with. */
export function movesAfter(execution: ExecutionDetail): readonly Move[] {
  const { id, status, workflow, version, errorCode, correlationId } = execution;
  if (status === 'success') return [];
  const moves: Move[] = [weft('see its tasks', ['show', id], { method: 'GET', path: ['executions', id, 'tasks'] })];
  if (errorCode !== null) {
    moves.push({
      what: `read what ${errorCode} means and what to do`,
      how: null,
      http: `GET /docs/problems#${errorCode}`,
    });
  }
  if (workflow === null || version === null) return moves;
  const input = JSON.stringify(execution.input ?? {});
  const isShort = input.length <= MOST_INPUT;
  const again = weft(
    'start it again from its beginning, as a new execution: what it did is done again',
    [
      ...['run', workflow, '--version', version, '--input', isShort ? input : '@-'],
      ...(correlationId === null ? [] : ['--correlation-id', correlationId]),
    ],
    isShort
      ? {
          method: 'POST',
          path: ['executions'],
          body: {
            workflow,
            version,
            input: execution.input ?? {},
            ...(correlationId === null ? {} : { correlationId }),
          },
        }
      : undefined,
  );
  const from = isShort ? '' : `${weft('', ['show', id, '--output', 'json']).how ?? ''} | jq .input | `;
  return [...moves, { ...again, how: `${from}${again.how ?? ''}` }];
}
