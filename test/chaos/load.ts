import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Json } from '../../src/contract.ts';
import type { Random } from '../model/random.ts';
import type { Answer, Caller } from '../stack/caller.ts';
import type { Lab } from './lab.ts';
import type { Program } from './programs.ts';
import { definitionOf, programs } from './programs.ts';

/** What somebody did to an execution from outside, after which it may end otherwise. */
export type Touch = 'terminated' | 'cancelled' | 'timed out' | 'reset' | 'delayed';

/** A start that was accepted. */
export type Accepted = {
  readonly id: string;
  readonly key: string;
  readonly program: Program;
  readonly touches: Set<Touch>;
};

/** Callers that start executions, decide approvals and send events all the time, and repeat with the same key what failed. */
export type Load = {
  /** By the key that each start was made with. */
  readonly accepted: ReadonlyMap<string, Accepted>;
  /** Answers that must not come. */
  readonly refusals: readonly string[];
  /** Starts one with a key of its own; answers when it was accepted. */
  readonly startOne: (program: Program, copies?: number) => Promise<Accepted>;
  /** Notes a start that somebody else made. */
  readonly note: (accepted: Accepted) => void;
  /** While true, new executions are started. */
  readonly flow: (isFlowing: boolean) => void;
  /** Starts that were not answered yet. */
  readonly underWay: () => number;
  readonly stop: () => Promise<void>;
};

const AGAIN_MS = 250;
const DECIDE_EVERY_MS = 700;
const DECIDE_AGAIN_MS = 4_000;

/** @param perSecond starts of executions */
export async function startLoad(
  lab: Lab,
  options: { readonly random: Random; readonly perSecond: number; readonly name: string },
): Promise<Load> {
  const { random, perSecond, name } = options;
  const accepted = new Map<string, Accepted>();
  const refusals: string[] = [];
  const ending = new AbortController();
  const working = new Set<Promise<unknown>>();
  let isFlowing = false;
  let underWay = 0;
  let number = 0;

  const saved = new Map<string, Promise<void>>();
  const ensure = (program: Program): Promise<void> => {
    const saving = saved.get(program.name) ?? save(lab, program);
    saved.set(program.name, saving);
    return saving;
  };
  for (const program of programs) await ensure(program);

  function track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => {
        if (!ending.signal.aborted) refusals.push(String(error));
      })
      .finally(() => working.delete(tracked));
    working.add(tracked);
  }

  /** Until it is answered by something that is no outage. @throws Error on an answer that must not come */
  async function insist(who: 'developer' | 'manager', path: string, body: Json, key: string): Promise<Answer> {
    for (let turn = 0; ; turn++) {
      const api = turn % 2 === 1 && lab.secondApi.isRunning() ? lab.secondApi : lab.api;
      const answer = await attempt(api[who], path, body, key);
      if (answer && answer.status < 300) return answer;
      if (answer && !isOutage(answer) && answer.body?.code !== 'ALREADY_DECIDED')
        throw new Error(`POST ${path} (${key}): ${answer.status} ${JSON.stringify(answer.body)}`);
      if (answer && !isOutage(answer)) return answer;
      ending.signal.throwIfAborted();
      await sleep(AGAIN_MS);
    }
  }

  async function startOne(program: Program, copies = 1): Promise<Accepted> {
    await ensure(program);
    const key = `${name}-${number++}`;
    const body = { workflow: program.name, input: { url: lab.ledger.url, key } };
    underWay++;
    try {
      const answers = await Promise.all(
        Array.from({ length: copies }, () => insist('developer', '/executions', body, key)),
      );
      const ids = new Set(answers.map((answer) => answer.body.id as string));
      if (ids.size !== 1) refusals.push(`the key ${key} was answered with ${[...ids].join(' and ')}`);
      const one = { id: answers[0]!.body.id as string, key, program, touches: new Set<Touch>() };
      accepted.set(key, one);
      if (program.needsEvent) track(sendEvent(key));
      return one;
    } finally {
      underWay--;
    }
  }

  async function sendEvent(key: string): Promise<void> {
    await sleep(random.below(3_000));
    await insist('developer', '/events', { name: 'chaos-parcel', key, data: { parcel: 'books' } }, `event-${key}`);
  }

  /** When a vote was sent, and how many were: one that is still asked for some time later is asked for anew. */
  const voted = new Map<string, { readonly at: number; readonly times: number }>();
  async function decide(): Promise<void> {
    const open = await lab.api.manager('GET', '/approvals?status=open&limit=200').catch(() => undefined);
    const items: { id: string }[] = open?.status === 200 ? open.body.items : [];
    for (const { id } of items) {
      const { at, times } = voted.get(id) ?? { at: 0, times: 0 };
      if (Date.now() - at < DECIDE_AGAIN_MS) continue;
      voted.set(id, { at: Date.now(), times: times + 1 });
      const path = `/approvals/${encodeURIComponent(id)}/decision`;
      track(attempt(lab.api.manager, path, { decision: 'approve' }, `vote-${id}-${times}`));
    }
  }

  async function keepStarting(): Promise<void> {
    while (!ending.signal.aborted) {
      await sleep(1_000 / perSecond);
      if (isFlowing) track(startOne(drawProgram(random)));
    }
  }
  async function keepDeciding(): Promise<void> {
    while (!ending.signal.aborted) {
      await sleep(DECIDE_EVERY_MS);
      await decide();
    }
  }
  const running = Promise.all([keepStarting(), keepDeciding()]);

  return {
    accepted,
    refusals,
    startOne,
    note: (one) => void accepted.set(one.key, one),
    flow: (flows) => {
      isFlowing = flows;
    },
    underWay: () => underWay,
    stop: async () => {
      ending.abort();
      await Promise.all([running, ...working]);
    },
  };
}

function drawProgram(random: Random): Program {
  let left = random.below(programs.reduce((sum, { share = 0 }) => sum + share, 0));
  return programs.find(({ share = 0 }) => (left -= share) < 0)!;
}

async function attempt(caller: Caller, path: string, body: Json, key: string): Promise<Answer | undefined> {
  return caller('POST', path, body, { 'idempotency-key': key }).catch(() => undefined);
}

/** Worth repeating: nobody there, a part of it away, or the first of two copies not done yet. */
function isOutage({ status, body }: Answer): boolean {
  return status >= 500 || status === 429 || (status === 409 && body?.code === 'CONFLICT');
}

async function save(lab: Lab, program: Program): Promise<void> {
  const { status, body } = await lab.api.developer(
    'PUT',
    `/workflows/${program.name}`,
    parse(definitionOf(program)) as Json,
  );
  if (status >= 300) throw new Error(`${program.name}: ${JSON.stringify(body)}`);
}
