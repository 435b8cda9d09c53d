import type { Json } from '../../contract.ts';
import type { Dialect } from './dialect.ts';
import { graph } from './graph.ts';
import { native } from './native.ts';
import { steps } from './steps.ts';

/** Every dialect; the first whose shape a body has is its own. SQL goes by the same rule. */
export const DIALECTS = { steps, graph, native } as const satisfies { readonly [name: string]: Dialect };

export type DialectName = keyof typeof DIALECTS;

/** The dialect of a body, by its shape. */
export function dialectOf(body: Json): DialectName {
  const names = Object.keys(DIALECTS) as DialectName[];
  return names.find((name) => DIALECTS[name].fits(body)) ?? 'native';
}

export function isDialect(name: string): name is DialectName {
  return Object.hasOwn(DIALECTS, name);
}
