/** What a code means and what to do about it, for people. */
export type Note = {
  /** One or two sentences; `code` between backticks. */
  readonly means: string;
  readonly todo: string;
};

/** A request that is answered with the code, after those before it; proved by a test. */
export type RequestExample = { readonly before?: readonly ExampleRequest[]; readonly request: ExampleRequest };

export type ExampleRequest = {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Under `/api/v1`. */
  readonly path: string;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
};

export type HttpNote = Note & { readonly example?: RequestExample };
/** With a definition that causes it. */
export type DefinitionNote = Note & { readonly example?: string; readonly format?: 'json' };
