/** A tenth and less of what `npm run soak:large` runs, in time for every change. */
import { testLarge } from '../soak/large.ts';

testLarge({ items: 5_000, iterations: 500 });
