import type { CatalogEntry } from '../../definition/compile.ts';
import { compile } from '../../definition/compile.ts';
import type { Issue } from '../../problem.ts';
import { PROBLEMS } from '../../problem.ts';
import { DEFINITION_NOTES } from './definition-notes.ts';
import { ERROR_NOTES } from './error-notes.ts';
import { HTTP_NOTES } from './http-notes.ts';
import type { DefinitionNote, ExampleRequest, Note } from './note.ts';
import { REQUEST_NOTES } from './request-notes.ts';

/** Where a code comes up; it may come up in several places. */
export type Place = Note & {
  readonly where: string;
  /** What causes it, and what is said then. */
  readonly example?: { readonly text: string; readonly answer?: string };
};
/** One code with all that is told of it. */
export type Section = { readonly code: string; readonly places: readonly Place[] };

/** Every code, in the order of the alphabet; the answers to the definitions are those of the compiler itself. */
export function problemSections(catalog: readonly CatalogEntry[]): readonly Section[] {
  const found = new Map<string, Place[]>();
  const add = (code: string, place: Place) => found.set(code, [...(found.get(code) ?? []), place]);
  for (const [code, { example, ...note }] of Object.entries(HTTP_NOTES)) {
    const { status, title, ...kind } = PROBLEMS[code as keyof typeof PROBLEMS];
    const where = `Over HTTP: ${status}, ${title}${'safeToRepeat' in kind ? '; safe to repeat' : ''}`;
    add(code, { ...note, where, ...(example && { example: { text: requestText(example.request) } }) });
  }
  for (const [code, note] of Object.entries(DEFINITION_NOTES)) add(code, definitionPlace(note, catalog));
  for (const [code, note] of Object.entries(REQUEST_NOTES)) add(code, { ...note, where: 'In errors of a request' });
  for (const [code, { means, todo, example }] of Object.entries(ERROR_NOTES)) {
    const where = 'As error of an execution or a task';
    add(code, { means, todo, where, ...(example === undefined ? {} : { example: { text: example } }) });
  }
  return [...found].map(([code, places]) => ({ code, places })).sort((a, b) => (a.code < b.code ? -1 : 1));
}

function definitionPlace(note: DefinitionNote, catalog: readonly CatalogEntry[]): Place {
  const { means, todo, example, format = 'yaml' } = note;
  const where = 'In a definition';
  if (example === undefined) return { means, todo, where };
  const compiled = compile(example, { format, catalog });
  const answer = compiled.ok ? '' : compiled.problems.map(issueText).join('\n');
  return { means, todo, where, example: { text: example, answer } };
}

function issueText({ code, pointer, line = 0, column = 0, message, hint }: Issue): string {
  return `${line}:${column} ${pointer} ${code} ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

function requestText({ method, path, body, headers = {} }: ExampleRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const sent = body === undefined ? [] : ['', typeof body === 'string' ? body : JSON.stringify(body)];
  return [`${method} /api/v1${path}`, ...lines, ...sent].join('\n');
}

/** Where a code's section is on its page. */
export function anchorOf(code: string): string {
  return code.replace(/\W.*$/, '');
}
