import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCommandLine } from '../../src/cli/program.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command line as in a pipe, with an environment of its own. */
export async function runWeft(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly stdin?: string },
): Promise<Ran> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(options.stdin ?? '');
  const [out, err] = [text(stdout), text(stderr)];
  const code = await runCommandLine(args, { stdin, stdout, stderr, cwd: options.cwd, env: options.env ?? {} });
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}
