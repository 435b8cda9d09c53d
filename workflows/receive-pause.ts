import type { PauseRequest, Updates } from '../src/contract.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import { TaskError } from './outcome.ts';
import type { Run } from './run-state.ts';

type Action = 'pause' | 'resume';

/**
 * From this engine version on the gate moves once a marker of its own stands in the history: where the run is out of cache
 * the SDK's core may give an update before what the workflow task before brought, but only when the update comes, never
 * in a replay.
 */
const MOVES_BEHIND_A_MARKER = 2;

/**
 * Answers `pause` and `resume`; saying it twice is no error.
 * @param hasEnded the mirror knows the execution's end: only its parent is yet to hear of it
 */
export function receivePause(run: Run, host: Host, hasEnded: () => boolean): void {
  const { pause, journal, turnover, input } = run;

  function validate(request: PauseRequest): void {
    checkRequest(request);
    if (hasEnded()) throw new TaskError('EXECUTION_ENDED', 'The execution has ended.');
  }

  async function answer(action: Action, request: PauseRequest): Promise<Updates[Action]['answer']> {
    turnover.countUpdate();
    const isNew = action === 'pause' ? pause.pause(request.actor.id) : pause.resume();
    const isMarked = input.engineVersion >= MOVES_BEHIND_A_MARKER;
    const command = isNew ? { action, by: request.actor.id, reason: request.reason } : undefined;
    // Also where it is so already: the mirror may have been told of an update that Temporal then lost.
    if (isNew || isMarked) tell(run, host, command);
    if (isMarked) await journal.mark();
    pause.settle();
    return { status: pause.status() };
  }

  host.receive('pause', { validate, handle: (request) => answer('pause', request) });
  host.receive('resume', { validate, handle: (request) => answer('resume', request) });
}

type Command = { readonly action: Action; readonly by: string; readonly reason: string | null };

/** Tells the mirror and the shards how it is. */
function tell({ pause, journal, openShards }: Run, host: Host, command: Command | undefined): void {
  const pausedBy = pause.pausedBy();
  journal.execution({ status: pause.status(), endedAt: null, pausedBy, ...(command && { command }) });
  void journal.handOver();
  // One that has ended meanwhile needs no pause.
  for (const id of openShards) void host.tell(id, 'pauseShard', { pausedBy }).catch(() => undefined);
}
