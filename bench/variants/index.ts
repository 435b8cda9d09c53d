import { dbos } from './dbos.ts';
import { handVariant } from './hand.ts';
import { restateVariant } from './restate.ts';
import type { Variant } from './variant.ts';
import { weftVariant } from './weft.ts';

/** All of Temporal and Weft, in the order they are printed in. */
export const VARIANTS: readonly Variant[] = [
  handVariant('hand normal', 'normal'),
  handVariant('hand local', 'local'),
  handVariant('naive mirror', 'mirrored'),
  weftVariant('weft normal', { local: false }),
  weftVariant('weft', {}),
  weftVariant('weft local', { local: true }),
];

/** Other engines: they have to be installed. */
export const PEERS: readonly Variant[] = [
  dbos,
  restateVariant('restate', 'run'),
  restateVariant('restate call', 'call'),
];
