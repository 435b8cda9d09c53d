import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Json } from '../contract.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/**
 * The JSON of an option: written out, or in a file as `@file`, or on the standard input as `@-`.
 * @throws CliError `usage` where it can't be read or isn't JSON
 */
export async function readJson(option: string, value: string, terminal: Terminal): Promise<Json> {
  const source = value.startsWith('@') ? await readSource(value.slice(1), terminal) : value;
  try {
    return JSON.parse(source) as Json;
  } catch (cause) {
    throw new CliError(EXIT.usage, `${option} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/**
 * The text of a file, or of the standard input for `-`.
 * @throws CliError `usage` where it can't be read
 */
export async function readSource(file: string, terminal: Terminal): Promise<string> {
  if (file === '-') return text(terminal.stdin);
  try {
    return readFileSync(path.resolve(terminal.cwd, file), 'utf8');
  } catch (cause) {
    throw new CliError(EXIT.usage, `${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
