/** The faults that last minutes, once each: `npm run faults`, or some of them: `npm run faults -- --only "PostgreSQL"`. */
import { parseArgs } from 'node:util';
import { longFaults } from './long/index.ts';
import { inSession } from './session.ts';

const { values } = parseArgs({
  options: {
    /** Those whose name holds this. */
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
  },
});
const say = (line: string): void => console.log(line);
let violations = 0;
for (const { name, perSecond, run } of longFaults.filter(({ name }) => name.includes(values.only))) {
  say(`\n${name}`);
  violations += await inSession({ seed: Number(values.seed), perSecond, say }, run);
}
process.exit(violations > 0 ? 1 : 0);
