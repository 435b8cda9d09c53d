import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../model/random.ts';
import { createBag } from './bag.ts';
import { checkAttempts } from './check-attempts.ts';
import { checkEffects, checkMirror, checkStarts } from './check-executions.ts';
import { checkEnds, checkOrders, readLags } from './check-journal.ts';
import { dump } from './dump.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/index.ts';
import type { Lab } from './lab.ts';
import { startLab } from './lab.ts';
import { startLoad } from './load.ts';
import { quiet } from './quiet.ts';
import { createReport } from './report.ts';
import { watchResources } from './resources.ts';

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

/** What ends so long before a fault, or after it, may be shown late because of it, ms. */
const BEFORE_MS = 1_000;
const AFTER_MS = 5_000;

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
  const resources = watchResources(lab);
  const windows: { readonly from: number; readonly to: number }[] = [];
  const end = Date.now() + minutes * 60_000;

  const strike = async (fault: Fault): Promise<void> => {
    const began = Date.now();
    const about = await fault.strike({ lab, load, random });
    report.struck(fault.kind, about, began);
    windows.push({ from: began - BEFORE_MS, to: Date.now() + AFTER_MS });
    await sleep(random.between(300, 1_500));
  };

  while (Date.now() < end && !signal.aborted) {
    load.flow(true);
    await sleep(2_000);
    for (let left = BATCH; left > 0 && Date.now() < end && !signal.aborted; left--) await strike(draw());
    load.flow(false);
    if (signal.aborted) break;
    const settled = await quiet(lab, load);
    report.found(settled.violations);
    report.found(await resources.look());
    report.found(await checkMirror(lab, agreed));
    report.found(await checkStarts(lab, load));
    report.found(await checkEnds(lab));
    report.found(await checkEffects(lab, load));
    report.found(await checkAttempts(lab));
    report.found(await checkOrders(lab));
    report.checked(load.accepted.size, settled.ms);
  }
  await load.stop();
  report.found(load.refusals.map((what) => ({ invariant: 'answers', execution: null, what })));
  const violations = report.violations();
  if (violations.length > 0) say(`histories, rows and logs are in ${await dump(lab, violations, report.lines())}`);
  say(`shown outside faults: ${lagLine(await readLags(lab, windows))}`);
  say(`shown at all times: ${lagLine(await readLags(lab, []))}`);
  say(resources.line());
  say(await endsLine(lab));
  report.close(load.accepted.size);
  return violations.length;
}

function lagLine(lags: readonly number[]): string {
  const at = (share: number): number => lags[Math.ceil(lags.length * share) - 1] ?? 0;
  return `${lags.length} ends, after p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, at most ${at(1)} ms`;
}

async function endsLine({ database }: Lab): Promise<string> {
  const { rows } = await database.query<{ line: string }>(
    `select concat_ws(' ', count(*), status, error_code) as line from weft.workflow_executions
       group by status, error_code order by count(*) desc`,
  );
  return `executions, children too: ${rows.map(({ line }) => line).join(', ')}`;
}
