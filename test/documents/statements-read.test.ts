import { describe, expect, it } from 'vitest';
import { parseStatement } from './parse-statement.ts';
import { documentFiles, documentsAreHere, readBlocks, readStatements } from './read-documents.ts';
import statements from './statements.json' with { type: 'json' };

if (!documentsAreHere)
  process.stdout.write('documents: not beside this checkout, so statements.json is taken as it is: skipped\n');

describe.runIf(documentsAreHere)('statements.json', () => {
  const documents = documentsAreHere ? Object.keys(documentFiles()) : [];
  const key = ({ document, section, text }: { document: string; section: string; text: string }) =>
    `${document} ${section}: ${text}`;

  it('has every statement that names.json has not, and none that no document has', () => {
    const all = documents.flatMap(readStatements);
    const examples = all.filter(({ text }) => parseStatement(text) === undefined).map(key);
    const kept = statements.statements.map(key);
    expect(examples.filter((example) => !kept.includes(example))).toEqual([]);
    expect(kept.filter((statement) => !all.map(key).includes(statement))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
  });

  it('has every block of another language', () => {
    const found = documents.flatMap((document) =>
      readBlocks(document)
        // Pictures, and the list that names.json is made from.
        .filter(({ language }) => !['', 'sql', 'mermaid', 'yaml'].includes(language))
        .map(({ section, language }) => ({ document, section, language })),
    );
    const kept = statements.blocks.map(({ document, section, language }) => ({ document, section, language }));
    expect(kept).toEqual(found);
  });
});
