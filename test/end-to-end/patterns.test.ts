import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

type Row = { readonly path: string; readonly status: string };
type Case = {
  readonly input?: Json;
  readonly lines: readonly string[];
  /** Paths of the tasks that were cancelled. */
  readonly cancelled?: readonly string[];
};

const files = readdirSync('examples/patterns', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.yaml'),
);

/** Those whose branches hear of each other by events, or cancel each other; what they log, in order. */
const CASES: { readonly [number: string]: Case } = {
  '09': { lines: ['treated by the near one', 'all doctors were there'] },
  '10': {
    lines: ['drafted', 'back to the draft', 'drafted', 'published', 'back to the check', 'published', 'archived'],
  },
  '28': { lines: ['patient 1 treated by the near one', 'patient 2 treated by the near one'] },
  '29': { lines: ['found in archive'], cancelled: ['/search/library/library'] },
  '30': { lines: ['decided with [1,2]', 'all have answered'] },
  '31': { lines: ['decided in round 1', 'decided in round 2'] },
  '32': { lines: ['decided with quick and usual'], cancelled: ['/opinions/slow/slow'] },
  '33': { lines: ['car of 1 and 1', 'car of 2 and 2', 'car of 3 and 3'] },
  '34': { lines: ['reported', 'all five are through'] },
  '35': {
    lines: ['reported'],
    cancelled: ['/all/instances/each', '/all/instances/each[3]/work', '/all/instances/each[4]/work'],
  },
  '37': { input: { abroad: true, urgent: true }, lines: ['shipped'] },
  '43': { lines: [], cancelled: ['/search/there/farther'] },
};

describe('patterns on the real servers', () => {
  let weft: TestWeft;
  beforeAll(async () => {
    weft = await startWeft();
    for (const file of files)
      await weft.save(readFileSync(`examples/patterns/${file}`, 'utf8'), basename(file, '.yaml'));
  });
  afterAll(() => weft.stop());

  const nameOf = (number: string) => basename(files.find((file) => file.startsWith(`wcp-${number}-`)) ?? '', '.yaml');
  const send = (key: string, name: string, data: Json = {}) => weft.developer('POST', '/events', { name, key, data });

  async function start(number: string, input: Json = {}): Promise<string> {
    return (await weft.developer('POST', '/executions', { workflow: nameOf(number), input })).body.id;
  }

  async function rowsOf(id: string): Promise<readonly Row[]> {
    return (await weft.developer('GET', `/executions/${id}/tasks?limit=500`)).body.items;
  }

  async function reached(id: string, path: string, status: string): Promise<void> {
    const isThere = async () => (await rowsOf(id)).some((row) => row.path === path && row.status === status);
    await weft.until(`${path} is ${status}`, isThere);
  }

  async function end(id: string) {
    const { body: execution } = await weft.developer('GET', `/executions/${id}?wait=60s`);
    const { body: logs } = await weft.developer('GET', `/executions/${id}/logs?limit=500`);
    const cancelled = (await rowsOf(id)).flatMap(({ path, status }) => (status === 'cancelled' ? [path] : []));
    const lines = (logs.items as readonly { readonly message: string }[]).map(({ message }) => message).toReversed();
    return {
      status: execution.status as string,
      output: execution.output as Json,
      lines,
      cancelled: cancelled.toSorted(),
    };
  }

  const run = async (number: string, input: Json = {}) => end(await start(number, input));

  it.concurrent.each(Object.entries(CASES))('WCP-%s', async (number, { input = {}, lines, cancelled = [] }) => {
    expect(await run(number, input)).toMatchObject({ status: 'success', lines, cancelled });
  });

  // Which of two that ask at once gets its turn first is not said.
  it.concurrent('WCP-17: no two at a time, each line in order', async () => {
    const { lines } = await run('17');
    const begun = lines.filter((_, i) => i % 2 === 0).map((line) => line.replace('begin ', ''));
    expect(lines.filter((_, i) => i % 2 === 1)).toEqual(begun.map((step) => `finish ${step}`));
    expect(begun.toSorted()).toEqual(['blood test', 'history', 'scan']);
    expect(begun.indexOf('blood test')).toBeLessThan(begun.indexOf('scan'));
  });

  it.concurrent('WCP-39: one at a time on the bridge', async () => {
    const { lines } = await run('39');
    const bridge = lines.filter((line) => line.includes('bridge')).map((line) => line.split(' ')[0]);
    expect([bridge[0], bridge[2]]).toEqual([bridge[1], bridge[3]]);
    expect(bridge.toSorted()).toEqual(['east', 'east', 'west', 'west']);
  });

  it.concurrent('WCP-15: witnesses come while others speak, and all are waited for', async () => {
    const id = await start('15');
    await send(id, 'witness-named', { who: 'ada' });
    await reached(id, '/hear[0]/start', 'success');
    await send(id, 'witness-named', { who: 'bob' });
    await send(id, 'witness-named', { who: 'eve', last: true });
    expect(await end(id)).toMatchObject({ status: 'success', lines: ['closed after 3'] });
  });

  it.concurrent('WCP-16: the first event chooses', async () => {
    const id = await start('16');
    await send(id, 'agent-called');
    const cancelled = ['/first/customer/answered', '/first/nobody/silence'];
    expect(await end(id)).toMatchObject({ lines: ['by the agent'], cancelled });
  });

  it.concurrent('WCP-18: a change between payment and shipping', async () => {
    const id = await start('18');
    await send(id, 'change-asked', 'too early');
    await reached(id, '/both/change/meanwhile/asked/asked', 'waiting');
    await send(id, 'change-asked', 'in time');
    expect(await end(id)).toMatchObject({ status: 'success', lines: ['changed', 'shipped'] });
  });

  it.concurrent('WCP-22: five levels of itself', async () => {
    expect(await run('22', { n: 5 })).toMatchObject({ status: 'success', output: 120 });
  });

  it.concurrent('WCP-23: what came before the wait is lost', async () => {
    const id = await start('23');
    await send(id, 'alarm', 'one');
    await reached(id, '/alarm', 'waiting');
    await send(id, 'alarm', 'two');
    expect(await end(id)).toMatchObject({ lines: ['heard alarm two'] });
  });

  it.concurrent('WCP-27: what had ended counts', async () => {
    const id = await start('27');
    await reached(id, '/survey/all/each[1]/answer', 'success');
    await send(id, 'survey-closed');
    const { output } = await end(id);
    const rows = await rowsOf(id);
    const answered = [1, 2, 3, 4].filter((n) =>
      rows.some((row) => row.path === `/survey/all/each[${n - 1}]/answer` && row.status === 'success'),
    );
    expect(answered.slice(0, 2)).toEqual([1, 2]);
    // One that was cut off while it was sent may have come, too.
    expect(output).toEqual(expect.arrayContaining(answered));
  });

  it.concurrent('WCP-36: until it is enough', async () => {
    const id = await start('36');
    for (const amount of [10, 70, 40]) await send(id, 'bidder-asked', amount);
    const { lines, cancelled } = await end(id);
    expect(lines).toEqual(['enough with 120']);
    expect(cancelled).toContain('/all/instances/grow');
  });
});
