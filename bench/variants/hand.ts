import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { lineOf, manageProcess } from '../../test/stack/managed-process.ts';
import { until } from '../../test/stack/until.ts';
import { NAIVE_MIRROR } from '../hand/activities.ts';
import { buildHandBundle } from '../hand/build-bundle.ts';
import type { HandInput, Mode } from '../hand/workflows.ts';
import type { Lab } from '../lab.ts';
import type { Shape, ShapeInput } from '../shape.ts';
import { ORDER } from '../step.ts';
import type { Variant } from './variant.ts';

const QUEUE = 'hand';
const NAMESPACE = 'default';
/** Events of a run whose first workflow task is done. */
const WAITING_EVENTS = 4;

/** Workflows written by hand, started and awaited by Temporal's client. */
export function handVariant(name: string, mode: Mode): Variant {
  return {
    name,
    start: async (lab) => {
      const worker = await lab.share('hand worker', () => startHandWorker(lab));
      const temporal = lab.client(NAMESPACE);
      const start = (shape: Shape, { count }: ShapeInput) => {
        const input: HandInput = { mode, count, order: ORDER };
        const workflowId = `${shape}-${randomUUID()}`;
        return temporal.workflow.start(shape, { taskQueue: QUEUE, workflowId, args: [input] });
      };
      return {
        worker: worker.pid,
        temporal,
        run: async (shape, input) => {
          const handle = await start(shape, input);
          await handle.result();
          return handle.workflowId;
        },
        start: async (shape, input) => (await start(shape, input)).workflowId,
        end: async (id) => {
          await temporal.workflow.getHandle(id).result();
        },
        approve: (id) =>
          temporal.workflow.getHandle(id).signal('approve', { decision: 'approve', decidedBy: 'manager' }),
        waiting: async (ids) => {
          // Workflow tasks are done about in the order of the starts.
          for (const id of ids.slice(-40))
            await until(`${id} waits`, async () => {
              const { historyLength } = await temporal.workflow.getHandle(id).describe();
              return historyLength >= WAITING_EVENTS;
            });
          await sleep(500);
        },
        settle: () => Promise.resolve(),
      };
    },
  };
}

async function startHandWorker(lab: Lab) {
  await lab.database.query(NAIVE_MIRROR);
  const worker = manageProcess('dist/bench/hand/worker.js', {
    env: {
      ...process.env,
      ...lab.processEnv,
      TEMPORAL_ADDRESS: lab.temporal.address,
      TEMPORAL_NAMESPACE: NAMESPACE,
      DATABASE_URL: lab.databaseUrl,
      HAND_QUEUE: QUEUE,
      HAND_BUNDLE: await buildHandBundle(lab.servers.directory),
    },
    ready: (child) => lineOf(child, 'worker ready'),
  });
  lab.atEnd(() => worker.kill('SIGTERM'));
  await worker.start();
  return worker;
}
