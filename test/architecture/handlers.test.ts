import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const MAX_LINES = 25;
const folder = 'src/api';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(folder, name));

type Handler = { readonly where: string; readonly lines: number };

/** The functions given to `route(…)`, or to `app.get(…)` and its like. */
function handlersOf(file: string, text: string): Handler[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Handler[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (
      ts.isCallExpression(node) &&
      /^(?:route|app\.(?:get|post|put|patch|delete|on|use|all))$/.test(node.expression.getText())
    ) {
      for (const argument of node.arguments.filter(
        (each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each),
      )) {
        const { line } = source.getLineAndCharacterOfPosition(argument.getStart());
        const end = source.getLineAndCharacterOfPosition(argument.getEnd()).line;
        found.push({ where: `${file}:${line + 1}`, lines: end - line + 1 });
      }
    }
    ts.forEachChild(node, visit);
  }
}

describe('the API is thin', () => {
  const handlers = files.flatMap((file) => handlersOf(file, readFileSync(file, 'utf8')));

  it('sees handlers, and sees a long one', () => {
    expect(handlers.length).toBeGreaterThan(15);
    const long = `route({}, async (c) => {\n${'  c();\n'.repeat(24)}});`;
    expect(handlersOf('x.ts', long)).toEqual([{ where: 'x.ts:1', lines: 26 }]);
  });

  it(`no handler has over ${MAX_LINES} lines`, () => {
    expect(handlers.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
  });

  it.each(files)('%s holds no SQL', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/from '(?:kysely|pg)'/);
    expect(text).not.toMatch(/\b(?:selectFrom|insertInto|updateTable|deleteFrom)\b|sql`/);
  });

  it.each(files.filter((file) => file.includes('routes/')))('%s declares its routes through the frame', (file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/\bapp\.(?:get|post|put|patch|delete|on|all)\(/);
  });
});
