/** A foreach over so many items that it is cut into shards, whose runs and those of their execution are short here. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { shardIdOf } from '../../src/ids.ts';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { ShortRuns } from '../stack/short-runs.ts';
import { startShortRuns } from '../stack/short-runs.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const ITEMS = 5_200;
const SHARDS = 11;

const each = (tasks: string, more = ''): string => `
input: { type: object }
tasks:
  - id: each
    type: foreach
    items: "{% [1..${ITEMS}] %}"
    maxConcurrency: 200
    ${more}
    tasks:
      ${tasks}
output: "{% $tasks.each.output %}"
`;
/** What only a normal activity does makes shards worth while; every 50th item is enough of it. */
const NORMAL =
  '- { id: normal, type: executor, executor: transform, local: false, with: { value: 1 }, if: "{% $item % 50 = 0 %}" }';
const DOUBLE = `${NORMAL}
      - { id: double, type: set, vars: {}, output: "{% $item * 2 %}" }`;
/** It takes a while, so that there is a middle. */
const SLOWLY = each(`- { id: nap, type: wait, for: 1s, if: "{% $item % 50 = 25 %}" }
      ${DOUBLE}`);
const TOLERANT = each(
  `- { id: bad, type: fail, code: BAD, detail: "{% $item %}", if: "{% $item in $input.bad %}" }
      ${NORMAL}`,
  'tolerate: { failures: 2 }',
);
const NAPS = each(`- { id: nap, type: wait, for: 1h }
      ${NORMAL}`);
const FEW = ITEMS / 50;

const doubles: readonly unknown[] = Array.from({ length: ITEMS }, (_, index) => (index + 1) * 2);

describe('shards', { timeout: 300_000 }, () => {
  let temporal: ShortRuns;
  let weft: TestWeft;
  let mirror: MirrorRows;

  beforeAll(async () => {
    temporal = await startShortRuns(50);
    weft = await startWeft(temporal);
    mirror = readMirrorRows(weft.superuserUrl);
    await weft.save(each(DOUBLE), 'doubles');
    await weft.save(TOLERANT, 'tolerant');
    await weft.save(SLOWLY, 'slowly');
    await weft.save(NAPS, 'naps');
  }, 60_000);
  afterAll(async () => {
    await mirror.close();
    await weft.stop();
    await temporal.stop();
  });

  async function start(workflow: string, input: Json = {}): Promise<string> {
    const { status, body } = await weft.developer('POST', '/executions', {
      ...{ workflow, id: `${workflow}-${randomUUID().slice(0, 8)}`, input },
    });
    expect([status, body]).toMatchObject([202, {}]);
    return body.id as string;
  }
  async function ended(id: string): Promise<any> {
    return await weft.until(
      `${id} has ended and is confirmed`,
      async () => {
        const { body } = await weft.developer('GET', `/executions/${id}`);
        return body.confirmed === true && body;
      },
      180_000,
    );
  }
  const shardsOf = (id: string): string[] => Array.from({ length: SHARDS }, (_, i) => shardIdOf(id, '/each', i));
  /** Status of each shard that there is. */
  async function shardStatuses(id: string): Promise<string[]> {
    const all = await Promise.all(
      shardsOf(id).map((shard) =>
        temporal.client.workflow
          .getHandle(shard)
          .describe()
          .then(({ status }) => status.name)
          .catch(() => undefined),
      ),
    );
    return all.flatMap((status) => status ?? []);
  }
  const areShardsOver = async (id: string): Promise<boolean> => !(await shardStatuses(id)).includes('RUNNING');
  const rowsOf = async (id: string, status: string): Promise<number> => (await mirror.counts(id))[status] ?? 0;

  it('all results in order, all rows under the execution, no shard is an execution', async () => {
    const began = Date.now();
    const id = await start('doubles');
    const execution = await ended(id);
    const took = Date.now() - began;
    expect(execution).toMatchObject({ status: 'success', error: null });
    expect(execution.output).toEqual(doubles);
    expect(await mirror.counts(id)).toEqual({ skipped: ITEMS - FEW, success: ITEMS + FEW + 1 });
    expect(await shardStatuses(id)).toEqual(Array<string>(SHARDS).fill('COMPLETED'));
    const executions = await mirror.query('select id from weft.workflow_executions where starts_with(id, $1)', [id]);
    expect(executions).toEqual([{ id }]);
    const runs = await Promise.all(shardsOf(id).map(temporal.runsOf));
    console.log(`${ITEMS} items in ${SHARDS} shards: ${took} ms, runs of the shards ${runs.join(' ')}`);
    expect(Math.max(...runs)).toBeGreaterThan(1);
  });

  it('failures are counted over all shards', async () => {
    const bad = [17, 5_017];
    const tolerated = await ended(await start('tolerant', { bad }));
    expect(tolerated).toMatchObject({ status: 'success' });
    expect(tolerated.output.filter((output: unknown) => typeof output === 'object' && output !== null)).toMatchObject(
      bad.map((item) => ({ error: { code: 'BAD', detail: String(item), task: `/each[${item - 1}]/bad` } })),
    );
    const id = await start('tolerant', { bad: [17, 2_000, 5_017] });
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'BAD' } });
    expect(await mirror.open(id)).toEqual([]);
    expect(await areShardsOver(id)).toBe(true);
  });

  it('cancelled in the middle: the shards end, their rows are cancelled', async () => {
    const id = await start('naps');
    await weft.until('200 wait', async () => (await rowsOf(id, 'waiting')) >= 200, 60_000);
    const began = Date.now();
    expect((await weft.developer('POST', `/executions/${id}/cancel`, { reason: 'test' })).status).toBeLessThan(300);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    console.log(`cancelled in ${Date.now() - began} ms`);
    expect(await mirror.counts(id)).toEqual({ cancelled: 201 });
    expect(await areShardsOver(id)).toBe(true);
  });

  it('its worker killed in the middle, then paused: nothing new starts, then it goes on to its end', async () => {
    const id = await start('slowly');
    await weft.until('it is on its way', async () => (await rowsOf(id, 'success')) > 300, 60_000);
    await weft.worker.kill('SIGKILL');
    await weft.worker.start();
    await weft.until('it goes on', async () => (await rowsOf(id, 'success')) > 2_000, 60_000);
    await weft.developer('POST', `/executions/${id}/pause`, { reason: 'test' });
    // What was under way ends first, and the mirror hears of it; then it stays as it is.
    const before = await weft.until(
      'nothing moves for 3 s',
      async () => {
        const counts = await mirror.counts(id);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        return isDeepStrictEqual(await mirror.counts(id), counts) && counts;
      },
      60_000,
    );
    expect(before['success']).toBeLessThan(ITEMS);
    console.log('paused at', before);
    await weft.developer('POST', `/executions/${id}/resume`);
    const execution = await ended(id);
    expect(execution).toMatchObject({ status: 'success' });
    expect(execution.output).toEqual(doubles);
    expect(await mirror.counts(id)).toEqual({ skipped: 2 * (ITEMS - FEW), success: ITEMS + 2 * FEW + 1 });
  });

  it('a shard terminated from outside is LOST, the others are cancelled', async () => {
    const id = await start('naps');
    await weft.until('200 wait', async () => (await rowsOf(id, 'waiting')) >= 200, 60_000);
    await temporal.client.workflow.getHandle(shardIdOf(id, '/each', 3)).terminate('from outside');
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'LOST', task: '/each' } });
    expect(await mirror.open(id)).toEqual([]);
    expect(await areShardsOver(id)).toBe(true);
  });

  it('the execution terminated from outside: its shards are, too', async () => {
    const id = await start('naps');
    await weft.until('200 wait', async () => (await rowsOf(id, 'waiting')) >= 200, 60_000);
    await temporal.client.workflow.getHandle(id).terminate('from outside');
    expect(await ended(id)).toMatchObject({ status: 'cancelled', error: { code: 'TERMINATED' } });
    await weft.until('the shards are over', () => areShardsOver(id));
    expect(await mirror.open(id)).toEqual([]);
  });
});
