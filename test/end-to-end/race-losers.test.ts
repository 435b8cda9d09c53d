/** Of a race the slower branches are cancelled whatever they are at, and the mirror says so. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const RACE = `
tasks:
  - id: race
    type: parallel
    join: any
    branches:
      winner:
        - { id: go, type: event, name: go, key: "{% $execution.id %}" }
        - { id: won, type: executor, executor: transform, with: { value: won } }
      call:
        - { id: slow, type: executor, executor: http, with: { url: "{% $input.url %}" }, timeout: 10m, heartbeatTimeout: 1s }
      nap:
        - { id: nap, type: wait, for: 1h }
      ask:
        - { id: ok, type: approval, title: Yes?, assignees: [manager] }
      listen:
        - { id: ear, type: event, name: never }
      child:
        - { id: kid, type: sub_workflow, workflow: child, input: {} }
      nested:
        - id: outer
          type: try
          onFailure: compensate
          tasks:
            - id: done
              type: executor
              executor: transform
              with: { value: 1 }
              compensate: { executor: log, with: { message: takenBack } }
            - id: inner
              type: try
              tasks: [{ id: nap2, type: wait, for: 1h }]
              catch: [{ errors: ['*'], tasks: [{ id: never, type: executor, executor: log, with: { message: caught } }] }]
              finally: [{ id: tidy, type: executor, executor: log, with: { message: tidied } }]
          finally: [{ id: tidyUp, type: executor, executor: log, with: { message: tidiedUp } }]
output: "{% $tasks.race.output %}"
`;

describe("a race's losers", { timeout: 60_000 }, () => {
  let weft: TestWeft;
  let mirror: MirrorRows;
  let closed = 0;
  let opened = 0;
  /** Never answers, and knows who hung up. */
  const server = createServer((request) => {
    opened++;
    request.socket.once('close', () => closed++);
  });

  beforeAll(async () => {
    weft = await startWeft();
    mirror = readMirrorRows(weft.superuserUrl);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await weft.save('tasks: [{ id: nap, type: wait, for: 1h }]', 'child');
    await weft.save(RACE, 'race-of-all');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await mirror.close();
    await weft.stop();
  });

  it('are cancelled, in Temporal and in the mirror', async () => {
    const id = `race-${randomUUID().slice(0, 8)}`;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await weft.developer('POST', '/executions', { workflow: 'race-of-all', id, input: { url } });
    await weft.until('all are at it', async () => {
      const tasks = await mirror.tasks(id);
      const isWaiting = [
        '/nap/nap',
        '/ask/ok',
        '/listen/ear',
        '/child/kid',
        '/nested/outer/inner/nap2',
        '/winner/go',
      ].every((path) => tasks[`/race${path}`] === 'waiting');
      return isWaiting && opened === 1;
    });
    const began = Date.now();
    await weft.developer('POST', '/events', { name: 'go', key: id, data: null });
    const ended = await weft.until('it is over', async () => {
      const { body } = await weft.developer('GET', `/executions/${id}`);
      return body.confirmed === true && body;
    });
    console.log(`the losers of a race were cancelled in ${Date.now() - began} ms`);
    expect(ended).toMatchObject({ status: 'success', output: { winner: 'won' } });
    expect(await mirror.tasks(id)).toEqual({
      ...{ '/race': 'success', '/race/winner/go': 'success', '/race/winner/won': 'success' },
      ...{ '/race/call/slow': 'cancelled', '/race/nap/nap': 'cancelled', '/race/ask/ok': 'cancelled' },
      ...{ '/race/listen/ear': 'cancelled', '/race/child/kid': 'cancelled', '/race/nested/outer': 'cancelled' },
      ...{ '/race/nested/outer/done': 'success', '/race/nested/outer/done~compensate': 'success' },
      ...{ '/race/nested/outer/inner': 'cancelled', '/race/nested/outer/inner/nap2': 'cancelled' },
      ...{ '/race/nested/outer/inner/tidy': 'success', '/race/nested/outer/tidyUp': 'success' },
    });
    expect(await mirror.open(id)).toEqual([]);
    expect(closed).toBe(1);
    const approvals = await mirror.query('select status from weft.approvals where execution_id = $1', [id]);
    expect(approvals).toEqual([{ status: 'cancelled' }]);
    const child = (await weft.developer('GET', `/executions/${id}~race.child.kid`)).body;
    expect(child).toMatchObject({ status: 'cancelled' });
    expect(await mirror.tasks(child.id)).toEqual({ '/nap': 'cancelled' });
    const logs = (await weft.developer('GET', `/executions/${id}/logs`)).body.items as { message: string }[];
    expect(logs.map(({ message }) => message).reverse()).toEqual(['tidied', 'takenBack', 'tidiedUp']);
    const late = await weft.manager('POST', `/approvals/${id}~race.ask.ok/decision`, { decision: 'approve' });
    expect(late.status).toBe(409);
  });
});
