import { z } from '@hono/zod-openapi';
import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { PROBLEMS } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { ROLES } from '../permissions.ts';
import type { Answer, RouteSpec } from './route.ts';
import type { ApiEnv } from './services.ts';

const COMMON: readonly ProblemCode[] = [
  'MALFORMED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'TOO_LARGE',
  'INTERNAL',
  'DATABASE_UNAVAILABLE',
];

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as ProblemCode[]),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          line: z.int().optional(),
          column: z.int().optional(),
          code: z.string(),
          message: z.string(),
          hint: z.string().optional(),
        }),
      )
      .optional(),
  })
  .openapi('Problem');

const DESCRIPTION = `Durable execution of stored definitions. Errors are \`application/problem+json\`; [their codes](/docs/problems).
Every POST takes an \`Idempotency-Key\`: the same key and body give the first answer again, for 24 hours.

| role | may |
|---|---|
${Object.entries(ROLES)
  .map(([role, permissions]) => `| ${role} | ${permissions.join(', ')} |`)
  .join('\n')}`;

/** A route as the OpenAPI document shows it; its permission is `x-permission`. */
export function describeRoute(spec: RouteSpec, basePath: string): RouteConfig {
  const parameters = [...spec.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, z.string()] as const);
  const headers = z.object({ 'idempotency-key': z.string().max(255).optional() });
  return {
    method: spec.method,
    path: basePath + spec.path,
    operationId: operationId(spec),
    tags: [spec.tag],
    summary: spec.summary,
    description: [spec.description, `Needs the permission \`${spec.permission}\`.`].filter(Boolean).join('\n\n'),
    security: [{ key: [] }],
    'x-permission': spec.permission,
    request: {
      ...(parameters.length > 0 && { params: z.object(Object.fromEntries(parameters)) }),
      ...(spec.query && { query: spec.query }),
      ...(spec.method === 'post' && { headers }),
      ...(spec.body && { body: { required: spec.bodyOptional !== true, content: bodyContent(spec.body) } }),
    },
    responses: { ...describeProblems(spec), ...mapValues(spec.answers, describeAnswer) },
  };
}

/** The OpenAPI 3.1 document of all registered routes. */
export function openApiDocument(app: OpenAPIHono<ApiEnv>): object {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Weft', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
  });
}

function bodyContent(body: z.ZodType | 'definition') {
  if (body !== 'definition') return { 'application/json': { schema: body } };
  return {
    'application/json': { schema: z.looseObject({ tasks: z.array(z.unknown()) }) },
    'application/yaml': { schema: z.string() },
  };
}

function describeAnswer(answer: Answer) {
  const { description, schema, contentType } = answer;
  if (contentType !== undefined) return { description, content: { [contentType]: { schema: schema ?? z.string() } } };
  return schema ? { description, content: { 'application/json': { schema } } } : { description };
}

function describeProblems(spec: RouteSpec) {
  const codes = new Set<ProblemCode>([
    ...COMMON,
    ...(spec.path.includes('{') ? (['NOT_FOUND'] as const) : []),
    ...(spec.body ? (['UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(spec.method === 'post' ? (['CONFLICT', 'IDEMPOTENCY_MISMATCH'] as const) : []),
    ...(spec.problems ?? []),
  ]);
  const content = { 'application/problem+json': { schema: problemSchema } };
  const statuses = new Set([...codes].map((code) => PROBLEMS[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => {
      const description = [...codes].filter((code) => PROBLEMS[code].status === status).join(', ');
      return [status, { description, content }];
    }),
  );
}

/** `GET /executions/{id}/tasks` → `get_executions_id_tasks`: stable as long as the route is. */
function operationId(spec: RouteSpec): string {
  return spec.method + spec.path.replaceAll(/[{}]/g, '').replaceAll(/[^\w]+/g, '_');
}

function mapValues<T, U>(object: { readonly [key: string]: T }, change: (value: T) => U): { [key: string]: U } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
