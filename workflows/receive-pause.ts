import type { ExecutionStatus, PauseRequest } from '../src/contract.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';

/** Answers `pause` and `resume`; saying it twice is no error. */
export function receivePause({ pause, journal }: Run, host: Host): void {
  function tell(
    changed: boolean,
    action: 'pause' | 'resume',
    { actor, reason }: PauseRequest,
  ): { readonly status: ExecutionStatus } {
    if (changed) {
      const command = { action, by: actor.id, reason };
      journal.execution({ status: pause.status(), endedAt: null, pausedBy: pause.pausedBy(), command });
      void journal.handOver();
    }
    return { status: pause.status() };
  }
  host.receive('pause', {
    validate: checkRequest,
    handle: (request) => tell(pause.pause(request.actor.id), 'pause', request),
  });
  host.receive('resume', { validate: checkRequest, handle: (request) => tell(pause.resume(), 'resume', request) });
}
