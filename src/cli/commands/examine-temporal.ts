import proto from '@temporalio/proto';
import type { Cli } from '../cli.ts';
import { withTemporal } from '../with-temporal.ts';

const WORKFLOW_TASKS = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;

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
