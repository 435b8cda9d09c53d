import { handVariant } from './hand.ts';
import type { Variant } from './variant.ts';
import { weftVariant } from './weft.ts';

/** All there are, in the order they are printed in. */
export const VARIANTS: readonly Variant[] = [
  handVariant('hand normal', 'normal'),
  handVariant('hand local', 'local'),
  handVariant('naive mirror', 'mirrored'),
  weftVariant('weft normal', { local: false }),
  weftVariant('weft', {}),
  weftVariant('weft local', { local: true }),
];
