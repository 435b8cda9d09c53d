import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Cli } from '../cli.ts';

const PATIENCE_MS = 5_000;
const WORKFLOW_TASKS = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;

type Temporal = { readonly connection: Connection; readonly address: string; readonly namespace: string };

/** @returns where the server is, and its version */
export function examineTemporal(cli: Cli): Promise<string> {
  return withTemporal(cli, async ({ connection, address, namespace }) => {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    await connection.workflowService.describeNamespace({ namespace });
    return `server ${serverVersion} at ${address}, namespace ${namespace}`;
  });
}

/** @throws Error where no worker polls the task queue */
export function examineWorker(cli: Cli): Promise<string> {
  const name = cli.settings().WEFT_TASK_QUEUE;
  return withTemporal(cli, async ({ connection, namespace }) => {
    const request = { namespace, taskQueue: { name }, taskQueueType: WORKFLOW_TASKS };
    const { pollers } = await connection.workflowService.describeTaskQueue(request);
    if (pollers.length === 0) throw new Error(`No worker polls the queue ${name}: nothing runs until one does.`);
    return `queue ${name}: ${pollers.map(({ identity }) => identity).join(', ')}`;
  });
}

async function withTemporal(cli: Cli, examine: (temporal: Temporal) => Promise<string>): Promise<string> {
  const settings = cli.settings();
  const local = settings.TEMPORAL_ADDRESS === undefined ? cli.localStack()?.temporal : undefined;
  const address = settings.TEMPORAL_ADDRESS ?? local?.address;
  if (address === undefined) throw new Error('There is none: start one with `weft dev`, or set TEMPORAL_ADDRESS.');
  const connection = await Connection.connect({
    address,
    connectTimeout: PATIENCE_MS,
    ...(settings.TEMPORAL_API_KEY === undefined ? {} : { apiKey: settings.TEMPORAL_API_KEY, tls: true }),
  });
  const namespace = local?.namespace ?? settings.TEMPORAL_NAMESPACE;
  try {
    return await connection.withDeadline(Date.now() + PATIENCE_MS, () => examine({ connection, address, namespace }));
  } finally {
    await connection.close();
  }
}
