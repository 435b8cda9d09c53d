import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Issue } from '../problem.ts';
import { Problem } from '../problem.ts';
import { isStorable, parseJsonBody } from './json-body.ts';
import { definitionFormat, readBody, requireJson } from './read-body.ts';
import type { RouteSpec } from './route.ts';
import type { ApiEnv } from './services.ts';

/** An approval's id holds the path of its task. */
const LONGEST_NAME = 8_000;

/**
 * Checks path, query and body against what the route declares, so that its handler finds them with `c.req.valid`.
 * Returns the body's text, '' where there is none.
 * @throws Problem MALFORMED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
 */
export async function checkRequest(spec: RouteSpec, c: Context<ApiEnv>): Promise<string> {
  c.req.addValidatedData('param', checkPath(c));
  c.req.addValidatedData('query', checkQuery(spec, c));
  const text = await readBody(c);
  if (spec.body === undefined) return text;
  if (text === '' && spec.bodyOptional !== true) throw new Problem('MALFORMED', 'The request needs a body.');
  if (spec.body === 'definition') {
    c.set('source', { text, format: definitionFormat(c) });
    return text;
  }
  if (text !== '') requireJson(c);
  c.req.addValidatedData('json', fit(spec.body, text === '' ? {} : parseJsonBody(text), ''));
  return text;
}

function checkPath(c: Context<ApiEnv>): object {
  const parameters = c.req.param();
  for (const [name, value] of Object.entries(parameters)) {
    if (!isStorable(value) || value.length > LONGEST_NAME)
      throw malformed([{ pointer: `/path/${name}`, code: 'INVALID', message: 'It can be no name of anything.' }]);
  }
  return parameters;
}

function checkQuery(spec: RouteSpec, c: Context<ApiEnv>): object {
  const given = c.req.queries();
  const query: Record<string, string> = {};
  for (const [name, values] of Object.entries(given)) {
    const [value = ''] = values;
    if (values.length > 1)
      throw malformed([{ pointer: `/query/${name}`, code: 'REPEATED', message: 'It may be given once.' }]);
    if (!isStorable(value))
      throw malformed([{ pointer: `/query/${name}`, code: 'CHARACTER_INVALID', message: 'It holds \\u0000.' }]);
    query[name] = value;
  }
  return spec.query === undefined ? query : fit(spec.query, query, '/query');
}

function fit(schema: z.ZodType, value: unknown, root: string): object {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as object;
  throw malformed(parsed.error.issues.flatMap((issue) => issuesOf(issue, root)));
}

function issuesOf(issue: z.core.$ZodIssue, root: string): Issue[] {
  const pointer =
    root + issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const code = issue.code.toUpperCase();
  if (issue.code !== 'unrecognized_keys') return [{ pointer, code, message: issue.message }];
  return issue.keys.map((key) => ({ pointer: `${pointer}/${key}`, code, message: `There is no field '${key}' here.` }));
}

function malformed(errors: readonly Issue[]): Problem {
  const [first] = errors;
  const detail =
    errors.length === 1 && first ? `${first.pointer}: ${first.message}` : `${errors.length} things are wrong.`;
  return new Problem('MALFORMED', detail, { errors });
}
