import type { ExecutionStatus, PauseRequest } from '../src/contract.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';

/** Answers `pause` and `resume`; saying it twice is no error. */
export function receivePause({ pause, journal, turnover, openShards }: Run, host: Host): void {
  function tell(
    changed: boolean,
    action: 'pause' | 'resume',
    { actor, reason }: PauseRequest,
  ): { readonly status: ExecutionStatus } {
    turnover.countUpdate();
    if (changed) {
      const command = { action, by: actor.id, reason };
      journal.execution({ status: pause.status(), endedAt: null, pausedBy: pause.pausedBy(), command });
      void journal.handOver();
      const pausedBy = pause.pausedBy();
      // One that has ended meanwhile needs no pause.
      for (const id of openShards) void host.tell(id, 'pauseShard', { pausedBy }).catch(() => undefined);
    }
    return { status: pause.status() };
  }
  host.receive('pause', {
    validate: checkRequest,
    handle: (request) => tell(pause.pause(request.actor.id), 'pause', request),
  });
  host.receive('resume', { validate: checkRequest, handle: (request) => tell(pause.resume(), 'resume', request) });
}
