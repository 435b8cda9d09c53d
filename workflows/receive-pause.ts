import type { PauseRequest, Updates } from '../src/contract.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';

type Action = 'pause' | 'resume';
type Answer = Updates[Action]['answer'];

/**
 * From this engine version on nothing is held back before the marker of the hand-over stands in the history: where the
 * run is out of cache the SDK's core may give an update before what the workflow task before brought, but only when the
 * update comes, never in a replay.
 */
const HOLDS_BACK_LATER = 2;

/** Answers `pause` and `resume`; saying it twice is no error. */
export function receivePause(run: Run, host: Host): void {
  const { pause, journal, turnover, input } = run;

  async function answerPause(request: PauseRequest): Promise<Answer> {
    turnover.countUpdate();
    if (pause.pause(request.actor.id)) tell(run, host, 'pause', request);
    if (input.engineVersion >= HOLDS_BACK_LATER) await journal.handOver();
    pause.close();
    return { status: pause.status() };
  }

  function answerResume(request: PauseRequest): Answer {
    turnover.countUpdate();
    if (pause.resume()) tell(run, host, 'resume', request);
    return { status: pause.status() };
  }

  host.receive('pause', { validate: checkRequest, handle: answerPause });
  host.receive('resume', { validate: checkRequest, handle: answerResume });
}

/** Tells the mirror and the shards. */
function tell({ pause, journal, openShards }: Run, host: Host, action: Action, { actor, reason }: PauseRequest): void {
  const pausedBy = pause.pausedBy();
  const command = { action, by: actor.id, reason };
  journal.execution({ status: pause.status(), endedAt: null, pausedBy, command });
  void journal.handOver();
  // One that has ended meanwhile needs no pause.
  for (const id of openShards) void host.tell(id, 'pauseShard', { pausedBy }).catch(() => undefined);
}
