import type { Json } from '../contract.ts';
import type { Issue } from '../problem.ts';
import { CliError, EXIT, exitCodeOf } from './exit-code.ts';
import { parseServerEvents } from './server-events.ts';
import type { ServerEvent } from './server-events.ts';

/** The API's `application/problem+json`, with whatever further members it has. */
export type ProblemDocument = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly Issue[];
  readonly [member: string]: unknown;
};

/** The API refused: carries its problem as it came. */
export class RequestFailed extends CliError {
  readonly problem: ProblemDocument;

  constructor(problem: ProblemDocument) {
    super(exitCodeOf(problem.status), problem.detail ?? problem.title);
    this.name = 'RequestFailed';
    this.problem = problem;
  }
}

type Query = { readonly [name: string]: string | number | undefined };
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

export type Client = {
  readonly get: <T>(path: string, query?: Query) => Promise<T>;
  readonly post: <T>(path: string, body: { readonly [field: string]: Json | undefined }) => Promise<T>;
  /** Sends a definition as it was written. */
  readonly sendDefinition: <T>(method: 'PUT' | 'POST', path: string, source: Definition) => Promise<T>;
  /** Reads pages until there are `limit` items or no more. */
  readonly list: <T>(path: string, query: Query, limit: number) => Promise<readonly T[]>;
  /** Server-sent events until the server ends them or `signal` is aborted. */
  readonly events: (path: string, signal: AbortSignal) => AsyncGenerator<ServerEvent>;
};
type Definition = { readonly text: string; readonly format: 'json' | 'yaml' };

const PAGE_SIZE = 100;

/**
 * Talks to the API under `/api/v1`. Every call throws {@link RequestFailed} with the API's problem, or {@link CliError}
 * `unavailable` where nothing answers.
 */
export function createClient(options: { readonly url: string; readonly key: string }): Client {
  const base = `${options.url.replace(/\/$/, '')}/api/v1`;

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${options.key}`);
    headers.set('weft-channel', 'cli');
    const response = await fetch(base + path, { ...init, headers }).catch((cause: unknown) => {
      if (init.signal?.aborted === true) throw cause;
      throw new CliError(EXIT.unavailable, `Nothing answers at ${options.url}.`, {
        hint: 'Is the stack up? `weft dev` starts one; `weft doctor` looks at all of it.',
        cause,
      });
    });
    if (!response.ok) throw new RequestFailed(await readProblem(response));
    return response;
  }

  async function json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await request(path, init);
    return (response.status === 204 ? null : await response.json()) as T;
  }

  const get = <T>(path: string, query: Query = {}) => json<T>(path + search(query));
  return {
    get,
    post: (path, body) =>
      json(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      }),
    sendDefinition: (method, path, { text, format }) =>
      json(path, { method, body: text, headers: { 'content-type': `application/${format}` } }),
    list: async <T>(path: string, query: Query, limit: number) => {
      const items: T[] = [];
      let cursor: string | undefined;
      do {
        const size = Math.min(limit - items.length, PAGE_SIZE);
        const page: Page<T> = await get(path, { ...query, limit: size, cursor });
        items.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && items.length < limit);
      return items;
    },
    events: async function* (path, signal) {
      const response = await request(path, { signal, headers: { accept: 'text/event-stream' } });
      if (response.body !== null) yield* parseServerEvents(response.body);
    },
  };
}

function search(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('json') === true) {
    return {
      title: response.statusText,
      code: `HTTP_${response.status}`,
      ...(JSON.parse(text) as object),
      status: response.status,
    };
  }
  const detail = `It answered ${response.status} ${response.statusText}: ${text.slice(0, 200)}`;
  return { status: response.status, code: `HTTP_${response.status}`, title: 'That is not the Weft API', detail };
}
