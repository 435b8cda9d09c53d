import { entryPoint, projectDirectory, RUNS_FROM_SOURCE } from './entry-points.ts';
import { runCommand } from './run-command.ts';

/**
 * Builds what the sources need to run; quick when all of it is fresh.
 * @throws Error with the build's output
 */
export async function buildParts(): Promise<void> {
  if (!RUNS_FROM_SOURCE) return;
  const { code, output } = await runCommand(process.execPath, entryPoint('build'), { cwd: projectDirectory() });
  if (code !== 0) throw new Error(`The build failed:\n${output}`);
}
