import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** Tests that run so many items of a `foreach` and iterations of a `loop`, each in a worker process of its own, and print what they took. */
export function testLarge({
  items,
  iterations,
  mostMemory = Number.POSITIVE_INFINITY,
}: {
  readonly items: number;
  readonly iterations: number;
  /** Of the worker, MB. */
  readonly mostMemory?: number;
}): void {
  describe('very many', () => {
    let weft: TestWeft;
    let client: Client;

    beforeAll(async () => {
      weft = await startWeft();
      const { address, namespace } = inject('weft').temporal;
      client = new Client({ connection: await Connection.connect({ address }), namespace });
    });
    afterAll(async () => {
      await client.connection.close();
      await weft.stop();
    });

    /** Starts and waits, and looks at the worker's memory meanwhile. */
    async function run(name: string, definition: string): Promise<unknown> {
      await weft.save(definition, name);
      const { body } = await weft.developer('POST', '/executions', { workflow: name, input: {} });
      const began = Date.now();
      let peak = 0;
      const look = setInterval(() => (peak = Math.max(peak, memoryOf(weft.worker.pid()))), 250);
      const ended = await weft.until(
        `${name} ends`,
        async () => {
          const { body: now } = await weft.developer('GET', `/executions/${body.id}?wait=30s`);
          return now.endedAt === null ? undefined : now;
        },
        1_800_000,
      );
      clearInterval(look);
      const seconds = ((Date.now() - began) / 1_000).toFixed(1);
      const runs = await runsOf(body.id);
      console.log(`${name}: ${seconds} s, the worker had at most ${peak} MB, ${runs} runs`);
      expect(ended.error).toBeNull();
      expect(peak).toBeLessThan(mostMemory);
      return ended.output;
    }

    async function runsOf(id: string): Promise<number> {
      const { namespace } = inject('weft').temporal;
      const query = `WorkflowId = '${id}'`;
      const { count } = await client.workflowService.countWorkflowExecutions({ namespace, query });
      return Number(count);
    }

    it(`${items} items in one foreach`, async () => {
      const output = await run(
        'items',
        `
        tasks: [{ id: each, type: foreach, items: "{% [1..${items}] %}", tasks: [{ id: a, type: executor, executor: transform, with: { value: "{% $item * 2 %}" } }] }]
        output: { count: "{% $count($tasks.each.output) %}", sum: "{% $sum($tasks.each.output) %}", last: "{% $tasks.each.output[-1] %}" }`,
      );
      expect(output).toEqual({ count: items, sum: items * (items + 1), last: items * 2 });
    });

    it(`${iterations} iterations of a loop`, async () => {
      const output = await run(
        'iterations',
        `
        vars: { n: 0 }
        tasks: [{ id: l, type: loop, until: "{% $vars.n = ${iterations} %}", maxIterations: ${iterations}, tasks: [{ id: a, type: executor, executor: transform, with: { value: "{% $vars.n + 1 %}" } }, { id: s, type: set, vars: { n: "{% $tasks.a.output %}" } }] }]
        output: "{% $vars.n %}"`,
      );
      expect(output).toBe(iterations);
    });
  });
}

/** MB of resident memory; 0 where the process is gone. */
function memoryOf(pid: number): number {
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
    return Math.round((Number(pages) * 4_096) / 1_000_000);
  } catch {
    return 0;
  }
}
