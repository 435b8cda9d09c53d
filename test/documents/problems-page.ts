import type { CatalogEntry } from '../../src/definition/compile.ts';
import type { Place, Section } from '../../src/api/problems-page/sections.ts';
import { anchorOf, problemSections } from '../../src/api/problems-page/sections.ts';

/** `docs/problems.md`: what the API shows under `/docs/problems`. */
export function problemsMarkdown(catalog: readonly CatalogEntry[]): string {
  const sections = problemSections(catalog);
  return [
    '# Problems\n',
    'Made from `src/api/problems-page/` by `npx vitest run test/documents/problems-page.test.ts -u`; the API serves the same under `/docs/problems`, where the `type` of a problem leads to.\n',
    'Errors over HTTP are `application/problem+json`: `code` and `detail`, and in `errors` each thing that is wrong, with pointer, line and column, code, message and hint. The error of an execution is',
    "`{code, detail, task, attempt, cause?}`; a code that is not here is an executor's own, or a `fail`'s.\n",
    `${sections.map(({ code }) => `[${code.replace('<', '&lt;')}](#${anchorOf(code)})`).join(' · ')}\n`,
    ...sections.map(show),
  ].join('\n');
}

function show({ code, places }: Section): string {
  return `<a id="${anchorOf(code)}"></a>\n\n## \`${code}\`\n\n${places.map(showPlace).join('\n')}`;
}

function showPlace({ where, means, todo, example }: Place): string {
  const shown = example === undefined ? '' : `\n${block(example.text)}`;
  const answer = example?.answer === undefined ? '' : `\n${block(example.answer)}`;
  return `**${where}.** ${means}\n${shown}${answer}\n${todo}\n`;
}

function block(text: string): string {
  return `\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
}
