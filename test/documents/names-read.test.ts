import { join } from 'node:path';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import byHand from './by-hand.json' with { type: 'json' };
import { documentsAreHere, readDocument, readNames } from './read-documents.ts';

if (!documentsAreHere)
  process.stdout.write('documents: not beside this checkout, so names.json is taken as it is: skipped\n');

describe.runIf(documentsAreHere)('names.json', () => {
  /** `-u` writes it anew. */
  it('is what the documents say', async () => {
    const text = await format(JSON.stringify(readNames()), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'names.json'));
  });

  it('has the 26 columns of the document without CREATE TABLE, each a word of its text', () => {
    const text = readDocument('001');
    const tables = byHand.find(({ schema }) => schema === 'stratix')!.tables;
    const named = tables.flatMap(({ name, named: columns }) => Object.keys(columns).map((column) => [name, column]));
    // These four stand there in the document's own language: the kinds of a task, an event and a trigger, and a task's id.
    const inProse = new Set(['task_type', 'event_type', 'trigger_type', 'task_id']);
    expect(named).toHaveLength(26);
    expect(tables.map(({ name }) => name).filter((name) => !text.includes(name))).toEqual([]);
    expect(named.filter(([, column]) => !inProse.has(column!) && !new RegExp(`\\b${column}\\b`).test(text))).toEqual(
      [],
    );
  });
});
