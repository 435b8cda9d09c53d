import type { Json } from '../../contract.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import type { Gates } from '../outline.ts';
import type { Problems } from '../problems.ts';

/** A syntax of definitions: how it is known, and what it says in the native one. */
export type Dialect = {
  /** Whether a body has its shape. */
  readonly fits: (body: Json) => boolean;
  /** Undefined where too little is there to go on with; reports what has no place in the native dialect. */
  readonly translate: (body: Json, context: Context) => Translation | undefined;
};

export type Context = { readonly catalog: readonly CatalogEntry[]; readonly problems: Problems };

export type Translation = {
  /** The same in the native dialect. */
  readonly body: Json;
  /** Pointer of what stands at a pointer of the native body. */
  readonly originOf: (pointer: string) => string;
  /** By id, of tasks that aren't always reached. */
  readonly gates?: Gates;
  /** `{nodes, edges, viewport}`, where it was drawn. */
  readonly graph?: Json;
};
