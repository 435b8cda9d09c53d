import { factsOf } from '../../src/mirror/from-transition.ts';
import type { Writer } from '../../src/mirror/writer.ts';

/** Says, as a workflow does, that it runs and waits for a person. */
export async function openApproval(writer: Writer, id: string): Promise<string> {
  const subject = { tenant: 'default', executionId: id, executionCreatedAt: new Date().toISOString() };
  const at = Date.now();
  const approval = {
    ...{ id: `${id}~ask`, path: '/ask', round: 1, title: 'May I', description: null, status: 'open' as const },
    ...{ assignees: ['approver'], candidateGroups: ['admin'], quorumKind: 'count' as const, quorum: 1 },
    ...{ selfApproval: false, onTimeout: 'fail' as const, onReject: 'fail' as const, escalatedTo: null, votes: [] },
    form: { type: 'object', required: ['why'] },
    deadline: new Date(at + 3_600_000).toISOString(),
    ...{ claimedBy: null, claimedAt: null, decidedBy: null, decidedAt: null, comment: null, data: null },
    createdAt: new Date(at).toISOString(),
  };
  const task = { path: '/ask', taskId: 'ask', type: 'approval', dependencies: [], order: 0 };
  const facts = [
    ...factsOf(
      subject,
      {
        kind: 'execution',
        ord: 1,
        at,
        status: 'running',
        startedAt: at,
        endedAt: null,
        pausedBy: null,
        currentPath: '/ask',
        waitingFor: [],
        completedTasks: 0,
        totalTasks: 1,
      },
      1,
      'run',
    ),
    ...factsOf(
      subject,
      { kind: 'task', ord: 2, at, task, status: 'waiting', startedAt: at, endedAt: null, attempt: 0 },
      1,
      'run',
    ),
    ...factsOf(subject, { kind: 'approval', ord: 3, at, approval }, 1, 'run'),
  ];
  await writer.recordAndWait(facts, 5_000);
  return approval.id;
}
