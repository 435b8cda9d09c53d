import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeIdentifier } from 'pg';
import { createLocalLogin } from '../../src/migrate.ts';
import { addressOf, ask } from '../migrations/catalog.ts';
import { startLedger } from '../stack/ledger.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** Executions that really ran, and a login of one tenant to read them with, as who knows a document would. */
export type Claims = {
  readonly weft: TestWeft;
  /** The login's address. */
  readonly url: string;
  /** The id of an execution: Temporal is shared by all tests and keeps what ran before. */
  readonly id: (name: string) => string;
  /** A value with the executions' names for their ids. */
  readonly named: (value: unknown) => unknown;
  readonly stop: () => Promise<void>;
};

const BROKEN = `name: broken
title: Fails
tasks:
  - { id: look, type: set, vars: { seen: true } }
  - { id: refuse, type: fail, code: OUT_OF_STOCK, detail: Nothing is left }
`;

/**
 * Runs a claim of 700 that the manager approves (`claim-paid`), one that waits for him (`claim-waiting`), an execution
 * whose task fails twice and works then (`retried`), and one that fails (`broken`).
 * @param login a name for the login; roles belong to the whole server
 */
export async function runClaims(login: string): Promise<Claims> {
  const own = `-${randomUUID().slice(0, 8)}`;
  const idOf = (name: string): string => `${name}${own}`;
  const weft = await startWeft();
  const provider = await startLedger(20);
  await createLocalLogin({ url: weft.superuserUrl, name: login, password: 'local' });
  for (const name of ['expense-claim', 'retry']) await weft.save(readFileSync(`examples/${name}.yaml`, 'utf8'), name);
  await weft.save(BROKEN, 'broken');

  const input = {
    amount: 700,
    employee: 'Ada',
    policyUrl: `${provider.url}/policy`,
    payUrl: `${provider.url}/pay`,
  };
  for (const id of ['claim-paid', 'claim-waiting'])
    await weft.developer('POST', '/executions', {
      id: idOf(id),
      workflow: 'expense-claim',
      correlationId: 'batch-001',
      input,
    });
  await weft.developer('POST', '/executions', { id: idOf('retried'), workflow: 'retry', input: { failures: 2 } });
  await weft.developer('POST', '/executions', { id: idOf('broken'), workflow: 'broken', input: {} });
  const open = await weft.until('both approvals are open', async () => {
    const { body } = await weft.manager('GET', '/approvals?status=open&assignee=me');
    return body.items.length === 2 && (body.items as { id: string; execution: string }[]);
  });
  const approval = open.find(({ execution }) => execution === idOf('claim-paid'))!;
  await weft.manager('POST', `/approvals/${approval.id}/decision`, { decision: 'approve', comment: 'fine' });
  for (const id of ['claim-paid', 'retried', 'broken'])
    await weft.until(`${id} has ended`, async () => {
      const { body } = await weft.developer('GET', `/executions/${idOf(id)}?wait=30s`);
      return body.endedAt !== null && body.confirmed === true;
    });

  return {
    weft,
    url: addressOf(weft.superuserUrl, login, 'local'),
    id: idOf,
    named: (value) =>
      value instanceof Date ? value : (JSON.parse(JSON.stringify(value).replaceAll(own, '')) as unknown),
    stop: async () => {
      await ask(weft.superuserUrl, `drop owned by ${escapeIdentifier(login)}`);
      const server = weft.superuserUrl.replace(/[^/]*$/, 'postgres');
      await provider.close();
      await weft.stop();
      await ask(server, `drop role ${escapeIdentifier(login)}`);
    },
  };
}
