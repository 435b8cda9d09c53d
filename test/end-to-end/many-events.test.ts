/** Thousands of events to one execution that waits for them again and again, through many runs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import { insertEvent } from '../../src/store/events.ts';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { ShortRuns } from '../stack/short-runs.ts';
import { startShortRuns } from '../stack/short-runs.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const EVENTS = 5_000;
const EARLY = 1_000;
const PER_WAIT = 40;
const SENDERS = 8;

/** The first events come while it naps. */
const TAKES = `
vars: { seen: [] }
tasks:
  - { id: nap, type: wait, for: 3s }
  - id: again
    type: loop
    until: "{% $count($vars.seen) >= ${EVENTS} %}"
    maxIterations: 1000
    tasks:
      - { id: some, type: event, name: counted, key: "{% $execution.id %}", count: ${PER_WAIT}, totalTimeout: 2m }
      - { id: keep, type: set, vars: { seen: "{% $append($vars.seen, $tasks.some.output) %}" } }
output: "{% $vars.seen %}"
`;

describe('events', { timeout: 180_000 }, () => {
  let temporal: ShortRuns;
  let weft: TestWeft;
  let mirror: MirrorRows;
  let database: Database;

  beforeAll(async () => {
    temporal = await startShortRuns(150);
    weft = await startWeft(temporal);
    mirror = readMirrorRows(weft.superuserUrl);
    const url = new URL(weft.superuserUrl);
    database = createDatabase({ url: url.href, name: 'sender' });
    await weft.save(TAKES, 'takes');
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await mirror.close();
    await weft.stop();
    await temporal.stop();
  });

  it(`${EVENTS} from several senders: none lost, none taken twice`, async () => {
    const id = `takes-${randomUUID().slice(0, 8)}`;
    await weft.developer('POST', '/executions', { workflow: 'takes', id, input: {} });
    const began = Date.now();
    let next = 0;

    async function send(over: 'http' | 'sql', until: number): Promise<void> {
      while (next < until) {
        const number = next++;
        if (over === 'http') {
          const { status } = await weft.developer('POST', '/events', { name: 'counted', key: id, data: number });
          expect(status).toBe(202);
        } else {
          const event = { name: 'counted', key: id, data: String(number), source: 'test', dedupeKey: null };
          await database.asEngine((session) => insertEvent(session, 'default', event));
        }
      }
    }
    const senders = (until: number): Promise<unknown> =>
      Promise.all(Array.from({ length: SENDERS }, (_, index) => send(index % 2 === 0 ? 'http' : 'sql', until)));
    await senders(EARLY);
    const early = Date.now() - began;
    await senders(EVENTS);
    const sent = Date.now() - began;
    const execution = await weft.until(
      'it has taken them all',
      async () => {
        const { body } = await weft.developer('GET', `/executions/${id}`);
        return body.confirmed === true && body;
      },
      120_000,
    );
    const took = Date.now() - began;
    const runs = await temporal.runsOf(id);
    console.log(
      `${EVENTS} events (${EARLY} within ${early} ms): sent in ${sent} ms, taken in ${took} ms, ${runs} runs`,
    );

    expect(execution).toMatchObject({ status: 'success', error: null });
    const seen = execution.output as number[];
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
    expect(runs).toBeGreaterThan(3);
    const ledger = await mirror.query(
      `select count(*)::int as takes, count(distinct event_id)::int as events,
         count(distinct path)::int as waits, count(*) filter (where not taken)::int as untaken
       from weft.event_deliveries where execution_id = $1`,
      [id],
    );
    expect(ledger).toEqual([{ takes: EVENTS, events: EVENTS, waits: EVENTS / PER_WAIT, untaken: 0 }]);
    expect(await mirror.open(id)).toEqual([]);
    const waits = EVENTS / PER_WAIT;
    expect(await mirror.counts(id)).toEqual({ success: 2 + 2 * waits });
  });
});
