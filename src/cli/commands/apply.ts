import path from 'node:path';
import { parse } from 'yaml';
import type { Issue } from '../../problem.ts';
import type { Cli } from '../cli.ts';
import { RequestFailed } from '../client.ts';
import type { Client } from '../client.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { printList } from '../output.ts';
import { printError, printIssues } from '../print-error.ts';
import type { SourceFile } from '../print-error.ts';
import { readSource } from '../read-json.ts';
import type { SavedVersion } from '../shapes.ts';

type DefinitionFile = SourceFile & { readonly format: 'json' | 'yaml' };

/** Saves each file as a version of the workflow it names, the others even where one is refused. */
export async function apply(
  files: readonly string[],
  options: { readonly draft?: boolean },
  cli: Cli,
): Promise<ExitCode> {
  const client = cli.client();
  const saved: SavedVersion[] = [];
  const code = await forEachFile(files, cli, async (file) => {
    const query = options.draft === true ? '?draft=true' : '';
    saved.push(await client.sendDefinition('PUT', `/workflows/${encodeURIComponent(nameIn(file))}${query}`, file));
    return EXIT.ok;
  });
  const columns = [
    { title: 'WORKFLOW', value: (row: SavedVersion) => row.workflow },
    { title: 'VERSION', value: (row: SavedVersion) => row.version },
  ];
  printList(saved, columns, { ...cli, empty: 'Nothing was saved.' });
  return code;
}

/** Checks each file without saving it. */
export async function validate(files: readonly string[], cli: Cli): Promise<ExitCode> {
  const client: Client = cli.client();
  const results: { file: string; valid: boolean; problems: readonly Issue[] }[] = [];
  const code = await forEachFile(files, cli, async (file) => {
    const answer = await client.sendDefinition<{ valid: boolean; problems: readonly Issue[] }>(
      'POST',
      '/workflows/validate',
      file,
    );
    results.push({ file: file.name, ...answer });
    printIssues(answer.problems, cli.terminal, file);
    return answer.valid ? EXIT.ok : EXIT.usage;
  });
  const columns = [
    { title: 'FILE', value: (row: (typeof results)[number]) => row.file },
    { title: 'VALID', value: (row: (typeof results)[number]) => (row.valid ? 'yes' : 'no') },
  ];
  printList(results, columns, { ...cli, empty: 'Nothing was checked.' });
  return code;
}

/** @returns the first exit code that isn't 0 */
async function forEachFile(
  names: readonly string[],
  { terminal }: Cli,
  send: (file: DefinitionFile) => Promise<ExitCode>,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  for (const name of names) {
    let file: DefinitionFile | undefined;
    try {
      const text = await readSource(name, terminal);
      file = { name: name === '-' ? 'stdin' : name, text, format: name.endsWith('.json') ? 'json' : 'yaml' };
      const result = await send(file);
      if (code === EXIT.ok) code = result;
    } catch (error) {
      const result = printError(error, terminal, file);
      if (code === EXIT.ok) code = result;
      if (!(error instanceof RequestFailed) && result === EXIT.unavailable) return code;
    }
  }
  return code;
}

/** The name a definition gives itself, else its file's; what can't be parsed is refused by the API with line and column. */
function nameIn(file: DefinitionFile): string {
  try {
    const { name } = parse(file.text, { maxAliasCount: 100, logLevel: 'silent' }) as { readonly name?: unknown };
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // The API says what is wrong with it, and where.
  }
  return path.basename(file.name).replace(/\.\w+$/, '');
}
