import type { Json } from '../../src/contract.ts';
import type { Start } from './run-definition.ts';

/** A definition, what goes in, and what must come of it. */
export type Case = {
  readonly name: string;
  readonly definition: string;
  readonly start?: Start;
  readonly output?: Json;
  readonly error?: { readonly code: string; readonly task?: string; readonly attempt?: number };
  readonly status?: string;
  readonly rows?: { readonly [path: string]: string };
  readonly took?: number;
};
