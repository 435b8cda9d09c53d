import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../src/ids.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import { createDoubts } from '../../src/reconcile/doubts.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

const ASKING = 'tasks:\n  - { id: ask, type: approval, title: May I, assignees: [manager] }\n';

describe('a vote whose answer never came', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack();
    await stack.save('asking', ASKING);
    await stack.work();
  });
  afterAll(() => stack.close());

  it('is taken back where Temporal has nothing of it: somebody can decide anew', async () => {
    const [replayer, writer] = [createReplayer(stack.log), createWriter(stack.database)];
    const doubts = createDoubts({ ...stack, replayer, writer, lookAgain: () => undefined });
    const reconciler = { doubt: (tenant: string, id: string) => doubts.add({ tenant, id }) };
    const vote = { decision: 'approve', comment: null, channel: 'api', data: {} } as const;
    const id = await stack.start('asking');
    const approval = approvalId(id, '/ask', 1);
    const standing = (): Promise<unknown[]> =>
      stack.rows(`select status from approvals where id = '${approval}' and authority = 1`);
    await poll(standing, (rows) => rows.length === 1);

    await stack.proxy.away();
    const lost = decideApproval({ ...stack, reconciler }, manager, { id: approval, ...vote });
    await expect(lost).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
    await stack.proxy.back();
    // As the workflow told it, before its worker and Temporal were gone.
    await stack.rows(
      `update approvals set status = 'approved', decided_by = 'manager', decided_at = now(), ord = ord + 9 where id = '${approval}'`,
    );

    await poll(
      () => doubts.run().then(standing, standing),
      ([row]) => (row as { status: string }).status === 'open',
    );
    await decideApproval(stack, manager, { id: approval, ...vote });
    expect(await stack.until(id, ({ endedAt }) => endedAt !== null)).toMatchObject({ status: 'success' });
    await Promise.all([writer.close(), replayer.close()]);
  });
});
