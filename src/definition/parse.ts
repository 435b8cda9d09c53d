import type { Issue } from '../problem.ts';
import { createPositions } from './located.ts';
import type { Located } from './located.ts';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { inside } from './pointer.ts';
import { SourceError } from './source-error.ts';

const MAX_CHARACTERS = 1_048_576;

export type Parsed = {
  /** Undefined where nothing could be read. */
  readonly root: Located | undefined;
  readonly problems: readonly Issue[];
};

/** Reads a definition's text; never throws. */
export function parseSource(source: string, format: 'json' | 'yaml'): Parsed {
  const position = createPositions(source.slice(0, MAX_CHARACTERS));
  try {
    if (source.length > MAX_CHARACTERS) {
      throw new SourceError(
        'TOO_LARGE',
        `It has ${source.length} characters, at most ${MAX_CHARACTERS} are allowed.`,
        0,
      );
    }
    const { root, tree } = format === 'json' ? parseJson(source) : (tryJson(source) ?? parseYaml(source));
    const pointers = pointersAt(root, new Set(tree.flaws.map(({ offset }) => offset)));
    const problems = tree.flaws.map(({ code, message, offset }) => ({
      pointer: pointers.get(offset) ?? '',
      ...position(offset),
      code,
      message,
    }));
    return { root, problems };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return {
      root: undefined,
      problems: [{ pointer: '', ...position(error.offset), code: error.code, message: error.message }],
    };
  }
}

/** JSON is YAML too, and read faster as what it is. */
function tryJson(source: string): ReturnType<typeof parseJson> | undefined {
  if (!/^\s*[{[]/.test(source)) return undefined;
  try {
    return parseJson(source);
  } catch (error) {
    if (error instanceof SourceError && error.code === 'JSON_INVALID') return undefined;
    throw error;
  }
}

/** Pointers of the values and keys that start at some offsets: of the innermost, where several start at one. */
function pointersAt(root: Located, offsets: ReadonlySet<number>): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const path: string[] = [];
  if (offsets.size > 0) visit(root);
  return found;

  function visit({ start, keyStart = start, entries }: Located): void {
    for (const offset of [start, keyStart]) if (offsets.has(offset)) found.set(offset, inside('', ...path));
    for (const [key, entry] of entries) {
      path.push(key);
      visit(entry);
      path.pop();
    }
  }
}
