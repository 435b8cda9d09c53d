import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCatalog, builtIn } from '../../activities/catalog.ts';
import { fieldTable, fieldsOf } from './language-fields.ts';
import { table } from './markdown-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLACE = /^\{\{(\w+)(?: ([\w-]+))?\}\}$/gm;

/** `docs/language.md`: what is written by hand, with the fields of every type and the examples. */
export function languagePage(): string {
  const template = readFileSync(join(import.meta.dirname, 'language-page.md'), 'utf8');
  const fill: { readonly [kind: string]: (name: string) => string } = {
    fields: (name) => fieldTable(fieldsOf(name)).trimEnd(),
    example,
    executors,
    contents: () => contentsOf(template),
  };
  return template.replaceAll(PLACE, (_, kind: string, name: string | undefined) => {
    const make = fill[kind];
    if (!make) throw new Error(`language-page.md: nothing is made for '${kind}'`);
    return make(name ?? '');
  });
}

/** What the page shows, by the names in its template. */
export function shownOn(kind: 'fields' | 'example'): readonly string[] {
  const template = readFileSync(join(import.meta.dirname, 'language-page.md'), 'utf8');
  return [...template.matchAll(PLACE)].filter((place) => place[1] === kind).map((place) => place[2] ?? '');
}

function example(name: string): string {
  const source = readFileSync(join(ROOT, `examples/${name}.yaml`), 'utf8');
  const lines = source.split('\n').filter((line) => !/^(?:# yaml-language-server|\$schema):/.test(line));
  return `[\`examples/${name}.yaml\`](../examples/${name}.yaml):\n\n\`\`\`yaml\n${lines.join('\n').trimEnd()}\n\`\`\``;
}

function executors(): string {
  const rows = describeCatalog(builtIn).map(({ name, description, inputSchema }) => {
    const { properties = {} } = inputSchema as { readonly properties?: object };
    const fields = Object.keys(properties).map((field) => `\`${field}\``);
    return [`\`${name}\``, fields.join(', '), description];
  });
  return table(['executor', '`with`', 'what'], rows).trimEnd();
}

function contentsOf(template: string): string {
  const heads = [...template.matchAll(/^(##|###) (.+)$/gm)].map(([, depth, title = '']) => {
    const link = `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
    return { isTop: depth === '##', link };
  });
  const lines: string[] = [];
  for (const { isTop, link } of heads) {
    if (isTop) lines.push(`- ${link}`);
    else lines.push(`${lines.pop() ?? ''}${lines.at(-1) === undefined ? '' : ''} · ${link}`);
  }
  return lines.join('\n');
}
