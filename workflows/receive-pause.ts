import type { ExecutionStatus } from '../src/contract.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';

/** Answers `pause` and `resume`; saying it twice is no error. */
export function receivePause({ pause, journal }: Run, host: Host): void {
  function tell(changed: boolean): { readonly status: ExecutionStatus } {
    if (changed) {
      journal.execution({ status: pause.status(), endedAt: null, pausedBy: pause.pausedBy() });
      void journal.handOver();
    }
    return { status: pause.status() };
  }
  host.receive('pause', { validate: () => undefined, handle: (request) => tell(pause.pause(request.actor.id)) });
  host.receive('resume', { validate: () => undefined, handle: () => tell(pause.resume()) });
}
