/** Breaks a whole Weft under load and checks what it promises: `npm run chaos -- --minutes 30 --seed 1`. */
import { parseArgs } from 'node:util';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
    /** Kinds of faults whose name holds one of these words, separated by commas; all without it. */
    kinds: { type: 'string', default: '' },
    /** Starts a second. */
    load: { type: 'string', default: '2.5' },
  },
});
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());
const violations = await runChaos({
  minutes: Number(values.minutes),
  seed: Number(values.seed),
  kinds: values.kinds.split(',').filter((word) => word !== ''),
  perSecond: Number(values.load),
  signal: ending.signal,
  say: (line) => console.log(line),
});
// What a killed process has left on its way holds nobody up.
process.exit(violations > 0 || ending.signal.aborted ? 1 : 0);
