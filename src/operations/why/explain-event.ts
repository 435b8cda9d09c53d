import type { OpenEventWait } from '../../mirror/read-waits.ts';
import { weft } from './move.ts';
import { isoOf } from './wait.ts';
import type { Wait } from './wait.ts';

/** Which events a task waits for, and how many came. */
export function explainEvent(wait: OpenEventWait): Wait {
  const { path, name, key, where, count, taken } = wait;
  const only = where === null ? '' : ` that fits ${where}`;
  // Which of those that came fit its expression, the workflow alone knows.
  const came = count === 1 || where !== null ? '' : `: ${taken} of ${count} came`;
  const many = count === 1 ? 'the event' : `${count} events`;
  return {
    path,
    kind: 'event',
    since: isoOf(wait.createdAt),
    until: isoOf(wait.expiresAt),
    for: `${many} '${name}'${key === null ? '' : ` with key '${key}'`}${only}${came}`,
    about: { name, key, where, count, taken: where === null ? taken : null },
    moves: [
      weft('send it', ['events', 'send', name, ...(key === null ? [] : ['--key', key]), '--data', '{}'], {
        method: 'POST',
        path: ['events'],
        body: { name, ...(key === null ? {} : { key }), data: {} },
      }),
    ],
  };
}
