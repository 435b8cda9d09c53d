import type { Json } from '../../src/contract.ts';
import type { Program, Script } from './program.ts';
import type { Random } from './random.ts';
import { createRandom, hash } from './random.ts';

/** What one attempt of an executor, or one child execution, does after so many ms. */
export type Answer =
  | { readonly kind: 'success'; readonly ms: number; readonly value: Json }
  | { readonly kind: 'failure'; readonly ms: number; readonly code: string }
  | { readonly kind: 'hangs' };

export type Ballot = {
  /** After the approval was opened. */
  readonly ms: number;
  readonly user: string;
  readonly decision: 'approve' | 'reject';
};

export const ERROR_CODES = ['CARD_DECLINED', 'OUT_OF_STOCK', 'BUSY'] as const;
export const PEOPLE = ['ann', 'bob', 'cleo'] as const;
/** Everybody is in it. */
export const GROUP = 'finance';
export const EXECUTION = 'e1';
/** When every execution starts, ms. */
export const START = Date.UTC(2026, 0, 1);
/** How long a child that was asked to end takes for it, ms. */
export const CLOSING_TIME = 1;
/** ms; so wide that two strands hardly ever do something in the same one. */
const LONGEST = 10_000_000;
/** Of what may run as a local activity: what takes longer is begun again as a normal one. */
const LONGEST_QUICK = 900;
export const QUICK = 'quick';

/** What comes of an attempt: the same for the same place, however the tasks around it change. */
export function answerOf(script: Script, path: string, attempt: number, executor?: string): Answer {
  const isQuick = executor === QUICK;
  const random = randomOf(script, `${path}#${attempt}`);
  const longest = isQuick ? LONGEST_QUICK : LONGEST;
  const own = random.between(1, longest);
  const ms =
    script.pace === undefined ? own : createRandom(hash(`${script.pace}${path}#${attempt}`)).between(1, longest);
  const luck = isQuick ? script.hanging + random.below(100) : random.below(100);
  if (luck < script.hanging) return { kind: 'hangs' };
  if (luck < script.hanging + script.failing) return { kind: 'failure', ms, code: random.pick(ERROR_CODES) };
  return { kind: 'success', ms, value: random.below(4) };
}

/** `<parent>~<path with . for /, -n for [n]>`, `~r.<attempt>` from the second on. */
export function childId(path: string, attempt: number): string {
  const name = path.slice(1).replaceAll('/', '.').replaceAll('[', '-').replaceAll(']', '');
  return `${EXECUTION}~${name}${attempt > 1 ? `~r.${attempt}` : ''}`;
}

/** How far times may be off, ms: going on in another run takes 1 ms each time. */
export function slackOf({ script }: Program): number {
  return 2 * script.dueAt.length;
}

/** Who votes on an approval, and when; in the order of time. */
export function ballotsOf(script: Script, path: string): readonly Ballot[] {
  const random = randomOf(script, path);
  const ballots = Array.from({ length: random.below(5) }, () => ({
    ms: random.between(1, 2 * LONGEST),
    user: random.pick([...PEOPLE, 'stranger']),
    decision: random.chance(60) ? ('approve' as const) : ('reject' as const),
  }));
  return ballots.sort((a, b) => a.ms - b.ms);
}

/** A place is the task's id with what stands for visits and iterations; what else is in the path doesn't count. */
function randomOf({ salt }: Script, path: string): Random {
  const place = path.slice(path.lastIndexOf('/'));
  const turns = path.match(/\[\d+\]|~\d+/g) ?? [];
  return createRandom(hash(`${salt}${place}${turns.join('')}`));
}
