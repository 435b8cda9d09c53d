import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/**
 * Saves the examples over HTTP, each content once: what somebody deleted or changed afterwards stays as it is.
 * Answers the digests to remember.
 */
export async function saveExamples(options: {
  readonly directory: string;
  readonly api: string;
  readonly key: string;
  readonly saved: { readonly [file: string]: string };
  readonly log: (line: string) => void;
}): Promise<{ readonly [file: string]: string }> {
  const saved: { [file: string]: string } = { ...options.saved };
  for (const file of (await readdir(options.directory).catch(() => [])).sort()) {
    if (extname(file) !== '.yaml') continue;
    const source = await readFile(join(options.directory, file), 'utf8');
    const digest = createHash('sha256').update(source).digest('hex');
    if (saved[file] === digest) continue;
    const failure = await saveDefinition({ ...options, name: basename(file, '.yaml'), source });
    if (failure === undefined) saved[file] = digest;
    else options.log(`examples/${file} isn't saved: ${failure}`);
  }
  return saved;
}

/** Saves one definition; answers why not when it is refused. */
export async function saveDefinition(options: {
  readonly api: string;
  readonly key: string;
  readonly name: string;
  readonly source: string;
}): Promise<string | undefined> {
  const response = await fetch(`${options.api}/api/v1/workflows/${options.name}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/yaml' },
    body: options.source,
  });
  return response.ok ? undefined : await response.text();
}
