/** Every example in YAML, run as a person runs it; those in other dialects are in dialects.test.ts. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/contract.ts';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

type Case = {
  readonly example: string;
  readonly input: Json;
  readonly meanwhile?: 'approve' | 'answer';
  readonly output?: Json;
  readonly error?: object;
  readonly tasks: { readonly [status: string]: readonly string[] };
  readonly log?: readonly string[];
};

const names = readdirSync('examples')
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));
const read = (provider: string): readonly Case[] =>
  parse(readFileSync('test/end-to-end/examples.cases.yaml', 'utf8').replaceAll('PROVIDER', provider)) as Case[];

describe('the examples, over HTTP', () => {
  let weft: TestWeft;
  let provider: Ledger;
  let mirror: MirrorRows;

  beforeAll(async () => {
    weft = await startWeft();
    provider = await startLedger(5);
    mirror = readMirrorRows(weft.superuserUrl);
    for (const name of names) await weft.save(readFileSync(`examples/${name}.yaml`, 'utf8'), name);
  });
  afterAll(async () => {
    await mirror.close();
    await provider.close();
    await weft.stop();
  });

  const meanwhile = {
    approve: async (id: string) => {
      const approval = await weft.until('an approval is open', async () => {
        const { body } = await weft.manager('GET', '/approvals?status=open&assignee=me');
        return (body.items as { id: string; execution: string }[]).find(({ execution }) => execution === id);
      });
      await weft.manager('POST', `/approvals/${approval.id}/decision`, { decision: 'approve' });
    },
    answer: (key: string) => weft.developer('POST', '/events', { name: 'answer', key, data: 'yes' }),
  };

  it('are all in the cases', () => {
    expect([...new Set(read('').map(({ example }) => example))].sort()).toEqual(names.sort());
  });

  it.concurrent.each(read('').map(({ example, input }, index) => [example, input, index] as const))(
    '%s with %j',
    async (_, __, index) => {
      const it = read(provider.url)[index] as Case;
      const { status, body } = await weft.developer('POST', '/executions', { workflow: it.example, input: it.input });
      expect(status).toBe(202);
      const id = body.id as string;
      if (it.meanwhile) await meanwhile[it.meanwhile](id);
      await weft.developer('GET', `/executions/${id}?wait=30s`);
      const ended = await weft.until(`${id} is confirmed`, async () => {
        const { body: execution } = await weft.developer('GET', `/executions/${id}`);
        return execution.confirmed === true && execution;
      });
      expect(ended).toMatchObject(
        it.error ? { status: 'failed', error: it.error } : { status: 'success', error: null, output: it.output },
      );
      const tasks = Object.entries(it.tasks).flatMap(([of, paths]) => paths.map((path) => [path, of]));
      expect(await mirror.tasks(id)).toEqual(Object.fromEntries(tasks));
      expect(await mirror.open(id)).toEqual([]);
      if (!it.error) expect(ended.progress.completed).toBe(ended.progress.total);
      if (!it.log) return;
      const lines = (await weft.developer('GET', `/executions/${id}/logs`)).body.items as { message: string }[];
      // The newest first.
      expect(lines.map(({ message }) => message).reverse()).toEqual(it.log);
    },
  );

  it('the children of sub-workflow are executions of their own, and know their parent', async () => {
    const children = await mirror.query(
      `select w.name, e.status, count(*)::int as n from weft.workflow_executions e
       join weft.workflows w on w.id = e.workflow_id where e.parent_execution_id is not null group by 1, 2 order by 1`,
    );
    expect(children).toEqual([
      { name: 'hello', status: 'success', n: 1 },
      { name: 'sub-workflow-line', status: 'success', n: 2 },
    ]);
  });
});
