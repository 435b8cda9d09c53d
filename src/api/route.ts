import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ProblemCode } from '../problem.ts';
import type { Permission } from '../permissions.ts';
import type { ApiEnv } from './services.ts';

export type Answer = {
  readonly description: string;
  /** Of a JSON answer. */
  readonly schema?: z.ZodType;
  /** Where it isn't JSON. */
  readonly contentType?: string;
};

/** Everything that is said about a route: what it needs, takes and answers. */
export type RouteSpec = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Under `/api/v1`, with `{name}` for its parameters. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  /**
   * Whether its handler does nothing with a request before it asks the database as the `principal` itself, which confirms a
   * key that is known from before. @default never: the key is looked up first
   */
  readonly confirmsKey?: (c: Context<ApiEnv>) => boolean;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  /** The JSON body's schema, or `definition` for a JSON or YAML text that the handler finds in `c.get('source')`. */
  readonly body?: z.ZodType | 'definition';
  /** An absent body counts as `{}`. @default false */
  readonly bodyOptional?: boolean;
  readonly answers: { readonly [status: number]: Answer };
  /** What it may answer beside the problems that every route may. */
  readonly problems?: readonly ProblemCode[];
};

type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & PathParameters<Rest>
  : unknown;

type Valid<Spec extends RouteSpec> = {
  readonly param: PathParameters<Spec['path']>;
} & (Spec['query'] extends z.ZodObject ? { readonly query: z.output<Spec['query']> } : unknown) &
  (Spec['body'] extends z.ZodType ? { readonly json: z.output<Spec['body']> } : unknown);

/** The context a route's handler gets: `c.req.valid('param' | 'query' | 'json')` are checked and typed. */
export type RouteContext<Spec extends RouteSpec> = Context<ApiEnv, string, { in: Valid<Spec>; out: Valid<Spec> }>;

/** A route as data: the app registers it, the OpenAPI document and the tests' matrix are made from it. */
export type Route = {
  readonly spec: RouteSpec;
  readonly handler: (c: Context<ApiEnv>) => Response | Promise<Response>;
  /** What is made of each answer before it goes out, of a kept one too. */
  readonly afterwards?: (c: Context<ApiEnv>, answer: Response) => Response | Promise<Response>;
};

/**
 * Declares a route. Without a permission it doesn't compile, and nothing under `/api/v1` is registered another way.
 * Handlers throw {@link Problem}; POSTs honour `Idempotency-Key` by themselves: a copy of a request gets the handler's kept
 * answer, and what is made of it `afterwards`.
 *
 * @example
 * export const getWorkflow = route(
 *   { method: 'get', path: '/workflows/{name}', permission: 'workflow:read', tag: 'workflows', summary: 'One workflow', answers: { 200: { description: 'It', schema: workflow } } },
 *   async (c) => c.json(await readWorkflow(c.get('services').database, c.get('principal'), c.req.valid('param').name), 200),
 * );
 */
export function route<const Spec extends RouteSpec>(
  spec: Spec,
  handler: (c: RouteContext<Spec>) => Response | Promise<Response>,
  afterwards?: (c: RouteContext<Spec>, answer: Response) => Response | Promise<Response>,
): Route {
  // What the spec promises is checked at run time before the handler is called, so the narrower context is true.
  return { spec, handler, ...(afterwards && { afterwards }) };
}
