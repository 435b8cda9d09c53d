/** The largest that is promised: `npm run soak:large`. */
import { testLarge } from './large.ts';

testLarge({ items: 100_000, iterations: 10_000, mostMemory: 600 });
