import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { builtIn } from '../../activities/catalog.ts';
import { createChildCalls } from '../../activities/children.ts';
import { createHandOver } from '../../activities/hand-over.ts';
import { createMirrorSinks } from '../../activities/mirror-sinks.ts';
import { createTaskActivities } from '../../activities/task-activities.ts';
import { HAND_OVER } from '../../src/contract.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { endChild } from '../../src/operations/end-child.ts';
import { startChild } from '../../src/operations/start-child.ts';
import type { Stack } from './stack.ts';

/** A worker of a stack's queue with the workflows of `family.workflow.ts` beside the interpreter; it tells no live hints. */
export async function startFamilyWorker(stack: Stack) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address, namespace } = inject('weft').temporal;
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const directory = await mkdtemp(join(tmpdir(), 'weft-family-'));
  const codePath = join(directory, 'workflows.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path('family.workflow.ts'),
    workflowInterceptorModules: [path('../../workflows/path-header.ts')],
    logger: new DefaultLogger('ERROR'),
  });
  await writeFile(codePath, code);
  const writer = createWriter(stack.database);
  const tasks = createTaskActivities(builtIn, writer, 'family');
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: stack.taskQueue,
    workflowBundle: { codePath },
    activities: {
      ...tasks.activities,
      [HAND_OVER]: createHandOver(writer),
      ...createChildCalls({ start: (call) => startChild(stack, call), end: (order) => endChild(stack, order) }),
    },
    sinks: { mirror: { ...createMirrorSinks(writer).mirror, transition: { fn: () => undefined } } },
    interceptors: { activity: [tasks.interceptor] },
  });
  const running = worker.run();
  return {
    codePath,
    stop: async () => {
      worker.shutdown();
      await running;
      await connection.close();
      await writer.close();
      await rm(directory, { recursive: true });
    },
  };
}
