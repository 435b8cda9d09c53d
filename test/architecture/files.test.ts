import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDERS = ['src', 'workflows', 'activities', 'migrations', 'examples', 'bench', 'test'];
const GENERATED = /\.generated\.ts$|^test\/conformance\/|^test\/replay\/histories\//;

/** Every file that git has or would take. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...FOLDERS], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|js|cjs|mjs|sql)$/.test(file) && !GENERATED.test(file))
  .flatMap((file) => {
    const text = tryRead(file);
    return text === undefined ? [] : [{ file, text, lines: text.split('\n') }];
  });

describe('files', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it('have 250 lines at most', () => {
    const long = files
      .filter(({ lines }) => lines.length - 1 > 250)
      .map(({ file, lines }) => `${file}: ${lines.length - 1}`);
    expect(long).toEqual([]);
  });

  it('are not named after nothing', () => {
    const vague = files.filter(({ file }) => /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.\w+$)/.test(file));
    expect(vague.map(({ file }) => file)).toEqual([]);
  });

  it('read the environment in config.ts alone', () => {
    const readers = files.filter(
      ({ file, text }) => /^(src|workflows|activities|examples)\//.test(file) && /\bprocess\s*\.\s*env\b/.test(text),
    );
    expect(readers.map(({ file }) => file)).toEqual(['src/config.ts']);
  });

  it('give the reason of each lint exception, and make none for the types', () => {
    const exceptions = lines(/eslint-disable|@ts-(ignore|expect-error|nocheck)/);
    const bare = exceptions.filter(({ text }) => !/(eslint-disable\S* [^\n]*-- \w|@ts-expect-error \w)/.test(text));
    expect(bare).toEqual([]);
  });

  it('skip no test without a reason and leave nothing to do', () => {
    expect(lines(/\b(it|test|describe)\.(skip|only|todo)\(|^\s*(\/\/|\*|--|#).*\b(TODO|FIXME)\b/)).toEqual([]);
  });
});

function lines(pattern: RegExp): readonly { at: string; text: string }[] {
  return (
    files
      .filter(({ file }) => !file.startsWith('test/architecture/'))
      .flatMap(({ file, lines }) => lines.map((text, i) => ({ at: `${file}:${i + 1}`, text })))
      // What the build looks for in a library is text, not ours to obey.
      .filter(({ text }) => pattern.test(text) && !/^\s*(find|replace): /.test(text))
  );
}

/** A file that git still lists but somebody removed has no text. */
function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
