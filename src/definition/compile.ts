import type { Json } from '../contract.ts';
import type { Plan } from '../plan/plan.ts';
import type { Issue } from '../problem.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { check, hasTooManyTasks } from './check.ts';
import { deepFreeze } from './deep-freeze.ts';
import { DIALECTS, dialectOf } from './dialects/index.ts';
import type { DialectName } from './dialects/index.ts';
import { readNative } from './dialects/native.ts';
import { createLocate } from './located.ts';
import { makePlan } from './make-plan.ts';
import { isObject, isText, outlineOf } from './outline.ts';
import { parseSource } from './parse.ts';
import { createProblems, problemsOfOrigin } from './problems.ts';
import type { Problems } from './problems.ts';
import type { Definition } from './schema.ts';
import { name as nameSchema } from './schema/fields.ts';

export type { CatalogEntry } from './catalog-entry.ts';
export type { DialectName } from './dialects/index.ts';

/** It travels in the workflow's input by value. */
const LARGEST_PLAN = 262_144;

export type Compiled =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** The definition as it was written, as JSON. */
      readonly body: Json;
      readonly meta: Meta;
      readonly dialect: DialectName;
      /** Nodes, edges and viewport, where it was drawn. */
      readonly graph: Json;
    }
  | { readonly ok: false; readonly problems: readonly Issue[] };

/** What a definition says of itself. */
export type Meta = {
  /** '' where nobody names it. */
  readonly name: string;
  /** Undefined: the next number. */
  readonly version: string | undefined;
  /** The name where it has none. */
  readonly title: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  /** JSON Schema; null where any input will do. */
  readonly inputSchema: Json;
};

export type CompileOptions = {
  readonly format: 'json' | 'yaml';
  /** @default by its shape */
  readonly dialect?: DialectName;
  /** What it is saved as; its own name must be the same. */
  readonly name?: string;
  /** What it is stored as, where its text has none. */
  readonly version?: string;
  readonly catalog: readonly CatalogEntry[];
};

/** Makes a Plan of a definition's text, or says all that is wrong with it and where. Pure; never throws. */
export function compile(source: string, options: CompileOptions): Compiled {
  const parsed = parseSource(source, options.format);
  if (!parsed.root) return { ok: false, problems: parsed.problems };
  const written = createProblems(createLocate(source, parsed.root), parsed.problems);
  const dialect = options.dialect ?? dialectOf(parsed.root.value);
  const { catalog } = options;
  const translation = DIALECTS[dialect].translate(parsed.root.value, { catalog, problems: written });
  if (!translation) return { ok: false, problems: written.list() };
  const { body, gates, graph = null } = translation;
  const problems = problemsOfOrigin(written, translation.originOf);
  const top = outlineOf(body, gates);
  if (hasTooManyTasks(top, problems)) return { ok: false, problems: problems.list() };
  const definition = readNative(body, problems);
  const decisions = check(top, isObject(body) ? body : {}, catalog, problems);
  checkName(body, options, problems);
  if (!definition || problems.list().length > 0) return { ok: false, problems: problems.list() };
  const meta = metaOf(definition, options);
  const byName = new Map(catalog.map((entry) => [entry.name, entry]));
  const plan = makePlan(definition, { name: meta.name, version: meta.version ?? '', catalog: byName, decisions });
  const size = new TextEncoder().encode(JSON.stringify(plan)).length;
  if (size > LARGEST_PLAN) {
    const message = `Its Plan has ${size} bytes, at most ${LARGEST_PLAN} are allowed.`;
    problems.add({
      code: 'PLAN_TOO_LARGE',
      pointer: '',
      message,
      hint: 'Cut it into several workflows, or move constants into the input.',
    });
    return { ok: false, problems: problems.list() };
  }
  return { ok: true, plan: deepFreeze(plan), body: parsed.root.value, meta, dialect, graph };
}

function checkName(body: Json, { name }: CompileOptions, problems: Problems): void {
  if (name === undefined) return;
  const message = nameSchema.safeParse(name).error?.issues[0]?.message;
  if (message !== undefined)
    problems.add({ code: 'NAME_INVALID', pointer: '', message: `The name it is saved as ${message}.` });
  const own = isObject(body) ? body['name'] : undefined;
  if (!isText(own) || own === name) return;
  problems.add({
    code: 'NAME_INVALID',
    pointer: '/name',
    message: `It is saved as '${name}', but names itself '${own}'.`,
  });
}

function metaOf(definition: Definition, options: CompileOptions): Meta {
  const name = options.name ?? definition.name ?? '';
  const { title = name, description = null, category = null, tags = [], input = null } = definition;
  return {
    name,
    version: definition.version ?? options.version,
    title,
    description,
    category,
    tags,
    inputSchema: input,
  };
}
