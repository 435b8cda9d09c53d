import type { ExecutionDetail } from '../../mirror/read-executions.ts';
import { byItself } from './move.ts';
import { isoOf } from './wait.ts';
import type { Wait } from './wait.ts';

/** Why an execution that was accepted has not started: its time, Temporal, or the starter. */
export function explainPending(
  { createdAt, startAfter }: Pick<ExecutionDetail, 'createdAt' | 'startAfter'>,
  isAway: boolean,
  now: number,
): Wait {
  const due = startAfter ?? createdAt;
  const isLater = due.getTime() > now;
  const since = isoOf(isLater ? createdAt : due);
  const base = { path: null, kind: 'start', since, until: isLater ? isoOf(due) : null } as const;
  if (isLater) {
    const move = byItself(`it starts by itself at ${due.toISOString()}`);
    return {
      ...base,
      for: `its time to start, ${due.toISOString()}`,
      about: { startAfter: isoOf(due) },
      moves: [move],
    };
  }
  const about = { startAfter: isoOf(startAfter) };
  if (isAway) {
    const move = byItself('it starts by itself as soon as Temporal is back');
    return { ...base, for: 'Temporal, which does not answer', about, moves: [move] };
  }
  return {
    ...base,
    for: 'the starter, which brings it to Temporal',
    about,
    moves: [byItself('it starts by itself within seconds, while an API process runs')],
  };
}
