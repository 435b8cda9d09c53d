/** Follows the demo's execution to its end, and lets the manager approve when it asks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../../cli/client.ts';
import { applyEvent, hasEnded, type Picture } from '../../cli/picture.ts';
import type { ServerEvent } from '../../cli/server-events.ts';
import type { ApprovalView, ExecutionView, TaskView } from '../../cli/shapes.ts';

export type FollowOptions = {
  readonly id: string;
  /** Who looks. */
  readonly client: Client;
  readonly show: (picture: Picture, event: ServerEvent) => void;
  readonly onApproval: (approval: ApprovalView) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Answers the ended execution; goes over to polling when the stream breaks. */
export async function followClaim(options: FollowOptions): Promise<ExecutionView> {
  const asked = new Set<string>();
  let picture: Picture | undefined;
  for await (const event of everyEvent(options)) {
    picture = applyEvent(picture, event) ?? picture;
    if (picture === undefined) continue;
    options.show(picture, event);
    for (const approval of picture.approvals.values()) {
      if (approval.status !== 'open' || asked.has(approval.id)) continue;
      asked.add(approval.id);
      await options.onApproval(approval);
    }
    if (hasEnded(picture.execution.status)) return picture.execution;
  }
  throw new Error(`The execution is ${picture?.execution.status ?? 'not seen'} after two minutes`);
}

async function* everyEvent({ id, client, signal }: FollowOptions): AsyncGenerator<ServerEvent> {
  try {
    yield* client.events(`/executions/${id}/stream`, signal);
  } catch (error) {
    if (signal.aborted) return;
    process.stderr.write(`The stream broke (${String(error)}); asking every half second instead\n`);
  }
  while (!signal.aborted) {
    const execution = await client.get<ExecutionView>(`/executions/${id}`);
    const tasks = await client.list<TaskView>(`/executions/${id}/tasks`, {}, 100);
    const open = await client.list<ApprovalView>('/approvals', { status: 'open' }, 100);
    const approvals = open.filter((approval) => approval.execution === id);
    yield { event: 'snapshot', data: JSON.stringify({ execution, tasks, approvals }) };
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}
