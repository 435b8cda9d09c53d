import type { Client } from '@temporalio/client';
import type { Shape, ShapeInput } from './shape.ts';

/** A variant that is up and can be given work. */
export type Runner = {
  /** Starts one, resolves at its end and answers its id, where it is Temporal's the workflow's. @throws Error when it didn't end well */
  readonly run: (shape: Shape, input: ShapeInput) => Promise<string>;
  /** Starts one and answers its id at once. */
  readonly start: (shape: Shape, input: ShapeInput) => Promise<string>;
  /** Resolves when it has ended. @throws Error when it didn't end well */
  readonly end: (id: string) => Promise<void>;
  /** Lets one that waits for an approval go on. */
  readonly approve: (id: string) => Promise<void>;
  /** Resolves when all of them wait for their approval. */
  readonly waiting: (ids: readonly string[]) => Promise<void>;
  /** Resolves when what goes on beside and after the work is over. */
  readonly settle: () => Promise<void>;
  /** Process ids; an API, and a server that keeps its state in PostgreSQL's and Temporal's place, where there is one. */
  readonly worker: () => number;
  readonly api?: () => number;
  readonly server?: () => number;
  /** Of the namespace its workflows are in, where Temporal runs them. */
  readonly temporal?: Client;
};
