import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../model/random.ts';
import type { Random } from '../model/random.ts';
import { checkAttempts } from './check-attempts.ts';
import { checkEffects, checkMirror, checkStarts } from './check-executions.ts';
import { checkEnds, checkOrders, readLags } from './check-journal.ts';
import { dump } from './dump.ts';
import type { Fault } from './fault.ts';
import type { Lab } from './lab.ts';
import { startLab } from './lab.ts';
import type { Load } from './load.ts';
import { startLoad } from './load.ts';
import { quiet } from './quiet.ts';
import type { Report } from './report.ts';
import { createReport } from './report.ts';
import { watchResources } from './resources.ts';

/** A lab under load, in which faults strike and after which everything is checked. */
export type Session = {
  readonly lab: Lab;
  readonly load: Load;
  readonly random: Random;
  readonly report: Report;
  readonly strike: (fault: Fault) => Promise<void>;
  /** Lets the load run dry and checks all invariants. @param withinMs by then all has to be over; default 30 s */
  readonly check: (withinMs?: number) => Promise<void>;
};

export type SessionOptions = {
  readonly seed: number;
  /** Starts of executions a second. */
  readonly perSecond: number;
  readonly say: (line: string) => void;
};

/** What ends so long before a fault, or after it, may be shown late because of it, ms. */
const BEFORE_MS = 1_000;
const AFTER_MS = 5_000;

/** Sets a lab up, works in it, sums up and takes it down. Answers how many violations there were. */
export async function inSession(options: SessionOptions, work: (session: Session) => Promise<void>): Promise<number> {
  const lab = await startLab();
  try {
    return await workIn(lab, options, work);
  } finally {
    await lab.stop();
  }
}

async function workIn(
  lab: Lab,
  { seed, perSecond, say }: SessionOptions,
  work: (session: Session) => Promise<void>,
): Promise<number> {
  const random = createRandom(seed);
  const load = await startLoad(lab, { random: createRandom(seed + 1), perSecond, name: `chaos-${seed}` });
  const report = createReport(say);
  const resources = watchResources(lab);
  const agreed = new Set<string>();
  const windows: { readonly from: number; readonly to: number }[] = [];

  await work({
    ...{ lab, load, random, report },
    strike: async (fault) => {
      const began = Date.now();
      const about = await fault.strike({ lab, load, random });
      report.struck(fault.kind, about, began);
      windows.push({ from: began - BEFORE_MS, to: Date.now() + AFTER_MS });
    },
    check: async (withinMs) => {
      load.flow(false);
      const settled = await quiet(lab, load, withinMs);
      report.found(settled.violations);
      report.found(await resources.look());
      report.found(await checkMirror(lab, agreed));
      report.found(await checkStarts(lab, load));
      report.found(await checkEnds(lab));
      report.found(await checkEffects(lab, load));
      report.found(await checkAttempts(lab));
      report.found(await checkOrders(lab));
      report.checked(load.accepted.size, settled.ms);
    },
  });

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

/** Waits unless the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
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
