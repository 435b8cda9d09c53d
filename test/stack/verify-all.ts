import { runWeft } from '../cli/run-weft.ts';

/** What `weft verify --all` finds: the executions that differ, and its closing line. */
export async function verifyAll(
  url: string,
  key: string,
): Promise<{ readonly differing: readonly unknown[]; readonly summary: string }> {
  const env = { WEFT_URL: url, WEFT_KEY: key };
  const { out, err } = await runWeft(['verify', '--all', '-o', 'jsonl'], { cwd: '/', env });
  const all = out
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { readonly agrees: boolean }]));
  return { differing: all.filter(({ agrees }) => !agrees), summary: err.trim() };
}
