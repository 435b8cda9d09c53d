import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitionJsonSchema } from '../../src/definition/json-schema.ts';
import { typeNames } from './language-fields.ts';
import { languagePage, shownOn } from './language-page.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('docs/language.md', () => {
  it('is what the schema and the examples say; -u writes it anew', async () => {
    await expect(languagePage()).toMatchFileSnapshot(join(ROOT, 'docs/language.md'));
  });

  it('has the fields of every type and of every named part of the schema', () => {
    const { definitions } = definitionJsonSchema() as { readonly definitions: object };
    const parts = Object.keys(definitions).filter((name) => name !== 'task');
    expect([...shownOn('fields')].sort()).toEqual(['definition', 'every-task', ...typeNames, ...parts].sort());
  });

  it('shows every example', () => {
    const files = readdirSync(join(ROOT, 'examples')).filter((file) => file.endsWith('.yaml'));
    expect([...shownOn('example')].sort()).toEqual(files.map((file) => file.replace('.yaml', '')).sort());
  });
});
