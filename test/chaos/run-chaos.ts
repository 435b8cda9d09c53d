import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../model/random.ts';
import { createBag } from './bag.ts';
import { checkEffects, checkMirror, checkStarts } from './check-executions.ts';
import { dump } from './dump.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/index.ts';
import type { Lab } from './lab.ts';
import { startLab } from './lab.ts';
import { startLoad } from './load.ts';
import { quiet } from './quiet.ts';
import { createReport } from './report.ts';

export type ChaosOptions = {
  readonly minutes: number;
  readonly seed: number;
  /** Only kinds whose name holds one of these; all when empty. */
  readonly kinds: readonly string[];
  /** Starts of executions a second. */
  readonly perSecond: number;
  /** Ends it early, in order. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/** Faults between two looks at the invariants. */
const BATCH = 9;

/** Strikes, lets it settle, checks, again and again until the time is up. Answers how many violations there were. */
export async function runChaos(options: ChaosOptions): Promise<number> {
  options.say(`chaos for ${options.minutes} minutes, --seed ${options.seed}`);
  const lab = await startLab();
  try {
    return await strikeAll(lab, options);
  } finally {
    await lab.stop();
  }
}

async function strikeAll(lab: Lab, { minutes, seed, kinds, perSecond, signal, say }: ChaosOptions): Promise<number> {
  const random = createRandom(seed);
  const load = await startLoad(lab, { random: createRandom(seed + 1), perSecond, name: `chaos-${seed}` });
  const chosen = faults.filter(({ kind }) => kinds.length === 0 || kinds.some((word) => kind.includes(word)));
  const draw = createBag(random, chosen);
  const report = createReport(say);
  const agreed = new Set<string>();
  const end = Date.now() + minutes * 60_000;

  const strike = async (fault: Fault): Promise<void> => {
    const began = Date.now();
    const about = await fault.strike({ lab, load, random });
    report.struck(fault.kind, about, began);
    await sleep(random.between(300, 1_500));
  };

  while (Date.now() < end && !signal.aborted) {
    load.flow(true);
    await sleep(2_000);
    for (let left = BATCH; left > 0 && Date.now() < end && !signal.aborted; left--) await strike(draw());
    load.flow(false);
    if (signal.aborted) break;
    const settled = await quiet(lab, load);
    report.found('settled', settled.violations);
    report.found('I1', await checkMirror(lab, agreed));
    report.found('I2', await checkStarts(lab, load));
    report.found('I4', await checkEffects(lab, load));
    report.checked(load.accepted.size, settled.ms);
  }
  await load.stop();
  report.found(
    'answers',
    load.refusals.map((what) => ({ invariant: 'answers', execution: null, what })),
  );
  const violations = report.violations();
  if (violations.length > 0) say(`histories, rows and logs are in ${await dump(lab, violations, report.lines())}`);
  report.close(load.accepted.size);
  return violations.length;
}
