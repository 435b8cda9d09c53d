import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Bundles the hand-written workflows into `directory` and answers the file. */
export async function buildHandBundle(directory: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'workflows.ts'),
    logger: new DefaultLogger('WARN'),
  });
  const file = join(directory, 'hand-workflows.js');
  await writeFile(file, code);
  return file;
}
