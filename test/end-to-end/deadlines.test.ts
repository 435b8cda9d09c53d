/** A deadline and a decision in the same instant: one outcome, the same everywhere. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** `npm run soak:races` tries 1,000 times. */
const TRIES = Number(process.env['WEFT_TRIES'] ?? 200);
const AT_ONCE = 100;
/** The decision is sent within so many ms before or after the deadline. */
const AROUND = 150;

const ASKS = `
tasks:
  - { id: ok, type: approval, title: Now?, assignees: [manager], deadline: 3s, onTimeout: fail }
output: "{% $tasks.ok.output.decision %}"
`;

type Outcome = { readonly answer: string; readonly temporal: string; readonly approval: string };

describe('a deadline and a decision', { timeout: 600_000 }, () => {
  let weft: TestWeft;
  let mirror: MirrorRows;
  let temporal: Client;

  beforeAll(async () => {
    const { address, namespace } = inject('weft').temporal;
    temporal = new Client({ connection: await Connection.connect({ address }), namespace });
    weft = await startWeft();
    mirror = readMirrorRows(weft.superuserUrl);
    await weft.save(ASKS, 'asks');
  });
  afterAll(async () => {
    await temporal.connection.close();
    await mirror.close();
    // Of each of them the test asks Temporal and the mirror.
    await weft.stop({ isVerified: true });
  });

  async function decideAtDeadline(id: string, index: number): Promise<string> {
    await weft.developer('POST', '/executions', { workflow: 'asks', id, input: {} });
    const { deadline } = await weft.until(`${id} asks`, async () => {
      const { status, body } = await weft.manager('GET', `/approvals/${id}~ok`);
      return status === 200 && (body as { deadline: string });
    });
    const at = Date.parse(deadline) - AROUND + ((index * 37) % (2 * AROUND));
    await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
    // On a slow machine nobody answers in time: what came of it the same request tells, asked again.
    const { status, body } = await weft.until(`${id} is answered`, async () => {
      const vote = { decision: 'approve' };
      const answer = await weft.manager('POST', `/approvals/${id}~ok/decision`, vote, { 'idempotency-key': id });
      return answer.status !== 503 && answer;
    });
    return status === 200 ? 'approved' : `${status} ${body.code}`;
  }

  async function outcomeOf(id: string, answer: string): Promise<Outcome> {
    const handle = temporal.workflow.getHandle(id);
    const result = await handle.result().then(
      (output: unknown) => `success ${String(output)}`,
      (error: unknown) => `failed ${(error as { cause?: { type?: string } }).cause?.type ?? ''}`,
    );
    const rows = await weft.until(`${id} is confirmed`, async () => {
      const [row] = await mirror.query(
        `select e.status as execution, e.error_code as code, t.status as task, a.status as approval, e.confirmed,
           (select count(*)::int from weft.approval_votes v where v.approval_id = a.id) as votes
         from weft.workflow_executions e
         join weft.task_executions t on t.execution_id = e.id join weft.approvals a on a.execution_id = e.id
         where e.id = $1`,
        [id],
      );
      return row?.confirmed === true && row;
    });
    const { execution, code, task, approval, votes } = rows;
    const expected =
      result === 'success approve'
        ? { execution: 'success', code: null, task: 'success', approval: 'approved', votes: 1 }
        : { execution: 'failed', code: 'APPROVAL_EXPIRED', task: 'failed', approval: 'expired', votes: 0 };
    expect({ id, execution, code, task, approval, votes }).toEqual({ id, ...expected });
    // Who was told that it counts, for them it counts; who was refused, for them it doesn't.
    expect({ id, isApproved: answer === 'approved' }).toEqual({ id, isApproved: approval === 'approved' });
    return { answer, temporal: result, approval };
  }

  it(`in the same instant, ${TRIES} tries: one outcome`, async () => {
    const began = Date.now();
    const counts: Record<string, number> = {};
    for (let first = 0; first < TRIES; first += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, index) => {
          const id = `asks-${first + index}-${randomUUID().slice(0, 8)}`;
          const { answer, temporal: result } = await outcomeOf(id, await decideAtDeadline(id, index));
          const kind = `${answer} / ${result}`;
          counts[kind] = (counts[kind] ?? 0) + 1;
        }),
      );
    }
    console.log(`${TRIES} tries in ${Date.now() - began} ms:`, counts);
    expect(Object.keys(counts).length).toBeGreaterThan(1);
  });
});
