import { workflowIdOf } from '../../src/ids.ts';
import { DEFAULT_TENANT } from '../../src/contract.ts';
import { until } from '../../test/stack/until.ts';
import { definitionOf } from '../definitions.ts';
import type { Lab } from '../lab.ts';
import { WEFT_NAMESPACE } from '../servers.ts';
import type { Shape, ShapeInput } from '../shape.ts';
import { ORDER } from '../step.ts';
import { startWeft } from '../start-weft.ts';
import type { Variant } from './variant.ts';

const SHAPES: readonly Shape[] = ['three', 'wide', 'long', 'approval'];
const SETTLED_MS = 600_000;

/** A stored definition, started and awaited over HTTP, mirror and reconciler as in production. @param tasks what each task says */
export function weftVariant(name: string, tasks: { readonly local?: boolean }): Variant {
  return {
    name,
    start: async (lab) => {
      const weft = await lab.share('weft', () => startWeft(lab));
      const nameOf = (shape: Shape): string => `${shape}-${name.replaceAll(' ', '-')}`;
      for (const shape of SHAPES)
        await weft.developer('PUT', `/workflows/${nameOf(shape)}`, definitionOf(shape, tasks));
      const start = async (shape: Shape, { count }: ShapeInput, query = '') => {
        const body = { workflow: nameOf(shape), input: { count, order: ORDER } };
        const { id, status } = await weft.developer('POST', `/executions${query}`, body);
        return { id: String(id), status };
      };
      const end = async (id: string, known: unknown = 'pending'): Promise<void> => {
        let status = known;
        while (status === 'pending' || status === 'running')
          ({ status } = await weft.developer('GET', `/executions/${id}?wait=60s`));
        if (status !== 'success') throw new Error(`${name}: ${id} ended ${String(status)}`);
      };
      return {
        worker: weft.worker,
        api: weft.api,
        temporal: lab.client(WEFT_NAMESPACE),
        run: async (shape, input) => {
          const { id, status } = await start(shape, input, '?wait=60s');
          await end(id, status);
          return workflowIdOf(DEFAULT_TENANT, id);
        },
        start: async (shape, input) => workflowIdOf(DEFAULT_TENANT, (await start(shape, input)).id),
        end: (id) => end(id),
        approve: async (id) => {
          const path = `/approvals/${encodeURIComponent(`${id}~ask`)}/decision`;
          await weft.manager('POST', path, { decision: 'approve' });
        },
        waiting: (ids) => untilWaiting(lab, ids),
        settle: () => untilSettled(lab),
      };
    },
  };
}

async function untilWaiting({ database }: Lab, ids: readonly string[]): Promise<void> {
  await until(
    'all approvals are open',
    async () => {
      const { rows } = await database.query<{ n: number }>(
        `select count(*)::int as n from weft.approvals where status = 'open' and execution_id = any ($1)`,
        [ids],
      );
      return rows[0]?.n === ids.length;
    },
    SETTLED_MS,
  );
}

/** Every end is compared with Temporal's: work that a test which stops the clock at the last end would not see. */
async function untilSettled({ database }: Lab): Promise<void> {
  await until(
    'all ends are confirmed',
    async () => {
      const { rows } = await database.query<{ n: number }>(
        `select count(*)::int as n from weft.workflow_executions
        where authority < 2 and status in ('success', 'failed', 'cancelled', 'timeout')`,
      );
      return rows[0]?.n === 0;
    },
    SETTLED_MS,
  );
}
