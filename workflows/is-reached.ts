import type { PlanTask } from '../src/plan/plan.ts';
import type { Run } from './run-state.ts';
import type { Frame } from './scope.ts';

/** Whether a way to a task was taken: what leads to it has ended, was reached itself and chose that way. */
export function isReached(run: Run, frame: Frame, { gates }: PlanTask): boolean {
  if (gates === undefined) return true;
  return gates.some(({ task, way }) => {
    const chosen = run.settled.get(`${frame.path}/${task}`)?.way;
    return way === undefined ? chosen !== 'none' : chosen === way;
  });
}
