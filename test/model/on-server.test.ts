/** Programs whose end doesn't depend on how long anything takes, on the real server: what the model says is in the mirror. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import type { Executor } from '../../activities/define-executor.ts';
import { ExecutorError } from '../../activities/define-executor.ts';
import type { Json } from '../../src/contract.ts';
import { compile } from '../../src/definition/compile.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack } from '../reconcile/stack.ts';
import type { Script } from './program.ts';
import type { Essence, Timeless } from './timeless.ts';
import { timeless } from './timeless.ts';
import { withoutDetails } from './trace.ts';
import { answerOf, QUICK } from './world.ts';

const PROGRAMS = 100;
const AT_ONCE = 25;
/** Tasks in one program: the point is the server, and it takes its time for each. */
const MOST_ROWS = 30;

const scripts = new Map<string, Script>();

function executorOf(name: string): Executor {
  return {
    name,
    description: 'Does what the script says',
    input: z.unknown(),
    local: name === QUICK,
    run: ({ attempt, idempotencyKey }) => {
      const id = idempotencyKey.slice(0, idempotencyKey.indexOf('/'));
      const answer = answerOf(scripts.get(id)!, idempotencyKey.slice(id.length), attempt, name);
      if (answer.kind === 'success') return Promise.resolve(answer.value);
      throw new ExecutorError(answer.kind === 'failure' ? answer.code : 'HANGS', 'on purpose');
    },
  };
}

let stack: Stack;
let reconciler: Reconciler;
beforeAll(async () => {
  stack = await createStack(['work', QUICK].map(executorOf));
  await stack.work();
  reconciler = stack.reconcile();
});
afterAll(() => stack.close());

it(`${PROGRAMS} random programs`, { timeout: 300_000 }, async () => {
  const seed = inject('modelSeed');
  const programs: (Timeless & { readonly seed: number })[] = [];
  let next = seed;
  for (; programs.length < PROGRAMS; next++) {
    const found = timeless(next);
    if (found && isSmall(found.essence) && compiles(found.program.definition)) programs.push({ ...found, seed: next });
  }
  const tasks = programs.reduce((sum, { essence }) => sum + Object.keys(essence.rows).length, 0);
  console.log(`${PROGRAMS} programs with ${tasks} tasks, of ${next - seed} from WEFT_MODEL_SEED=${seed}`);
  const wrong: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let one = programs.pop(); one; one = programs.pop()) {
      const { id, seen } = await run(one.program.definition, one.program.input, one.program.script);
      if (!isDeepStrictEqual(withoutDetails(seen), withoutDetails(one.essence)))
        wrong.push({ seed: one.seed, definition: one.program.definition, seen, model: one.essence });
      const verified = await reconciler.verify('default', id);
      if (verified?.agrees !== true) wrong.push({ seed: one.seed, definition: one.program.definition, verified });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  expect(wrong).toEqual([]);
});

function isSmall({ rows }: Essence): boolean {
  return Object.keys(rows).length <= MOST_ROWS;
}

function compiles(definition: Json): boolean {
  return compile(JSON.stringify(definition), { format: 'json', version: '1', catalog: stack.catalog }).ok;
}

async function run(
  definition: Json,
  input: Json,
  script: Script,
): Promise<{ readonly id: string; readonly seen: Essence }> {
  const name = `model-${randomUUID()}`;
  scripts.set(name, script);
  await stack.save(name, JSON.stringify({ ...(definition as object), name }));
  await stack.start(name, { id: name, input });
  // A live hint may say that it has ended before the workflow has told how each task did.
  const ended = await stack.until(name, ({ endedAt, authority }) => endedAt !== null && authority > 0, 120_000);
  const rows = (await stack.rows(
    `select path, status, result, error_code from weft.task_executions where execution_id = '${name}'`,
  )) as { path: string; status: string; result: Json; error_code: string | null }[];
  const told = rows.map(({ path, status, result, error_code }) => [
    path,
    [status, status === 'success' ? result : null, error_code],
  ]);
  const seen = {
    status: ended.status,
    output: ended.output,
    error: ended.errorCode === null ? null : { code: ended.errorCode, task: ended.errorTask },
    rows: Object.fromEntries(told.sort()) as Essence['rows'],
  };
  return { id: name, seen };
}
