/** The worker process of all hand-written variants, with the same room as Weft's. Composition only. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Pool } from 'pg';
import { createHandActivities } from './activities.ts';

const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, DATABASE_URL, HAND_BUNDLE, HAND_QUEUE } = process.env;
if (HAND_BUNDLE === undefined || HAND_QUEUE === undefined) throw new Error('HAND_BUNDLE or HAND_QUEUE is missing');

Runtime.install({ logger: new DefaultLogger('WARN') });
const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
const connection = await NativeConnection.connect({ ...(address !== undefined && { address }) });
const worker = await Worker.create({
  connection,
  namespace: namespace ?? 'default',
  taskQueue: HAND_QUEUE,
  workflowBundle: { codePath: HAND_BUNDLE },
  activities: createHandActivities(pool, String(process.pid)),
  // As Weft's worker has it: what is compared is the engine, not the options.
  maxCachedWorkflows: 1_000,
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentLocalActivityExecutions: 200,
});
const running = worker.run();
process.stdout.write('worker ready\n');
await running;
await connection.close();
await pool.end();
