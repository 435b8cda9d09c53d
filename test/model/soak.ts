/** Holds the interpreter against the model for a long time: `npm run soak:model -- --count 50000 --seed 1`. */
import { parseArgs } from 'node:util';
import { compareMany } from './compare-many.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
console.log(`${count} programs from seed ${seed}`);
const { counts, failures } = await compareMany({
  ...{ seed, count },
  onProgress: (done) => {
    if (done % 1_000 === 0) console.log(`${done} of ${count}`);
  },
});
console.table(counts);
for (const failure of failures) console.log(failure);
console.log(`${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
