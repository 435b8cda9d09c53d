import { readdirSync, readFileSync } from 'node:fs';
import type { Json, TaskStatus } from '../../../src/contract.ts';
import type { FakeExecutor, FakeWorld } from '../fake-world.ts';
import type { FakeChild } from '../fake-children.ts';
import type { Result } from '../run-definition.ts';
import { runDefinition } from '../run-definition.ts';

const FOLDER = 'examples/patterns';
export const patternFiles: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .sort();

export type Pattern = Result & {
  /** What it logged, each with the second in which it did: `3 packed`. */
  readonly log: readonly string[];
  /** The same without the times. */
  readonly lines: readonly string[];
  /** Inputs of the children it started. */
  readonly children: readonly Json[];
  /** Paths of the tasks that had that status in the end. */
  readonly paths: (status: TaskStatus) => readonly string[];
};

export type Outside = {
  readonly input?: Json;
  /** Events with the execution's id as key, by the second in which they come. */
  readonly events?: readonly (readonly [second: number, name: string, data?: Json])[];
  readonly cancelAt?: number;
  /** What a child does; the world lets it send events. */
  readonly child?: (world: FakeWorld, input: Json) => ReturnType<FakeChild>;
};

/** Runs the definition of a pattern in virtual time, with what comes from outside. */
export async function runPattern(number: number, outside: Outside = {}): Promise<Pattern> {
  const file = patternFiles.find((name) => name.startsWith(`wcp-${String(number).padStart(2, '0')}-`)) ?? '';
  // The harness has a name of its own for it.
  const source = readFileSync(`${FOLDER}/${file}`, 'utf8').replace(/^name: .*\n/m, '');
  const log: string[] = [];
  const children: Json[] = [];
  let world: FakeWorld | undefined;
  const executors: { readonly [name: string]: FakeExecutor } = {
    transform: ({ input }) => (input as { readonly value: Json }).value,
    log: ({ input }) => {
      const second = world ? Math.round((world.time.now() - Date.UTC(2026, 0, 1)) / 100) / 10 : 0;
      log.push(`${second} ${(input as { readonly message: string }).message}`);
      return null;
    },
  };
  const child: FakeChild = (input) => {
    children.push(input);
    return world && outside.child?.(world, input);
  };
  const result = await runDefinition(source, {
    executors,
    input: outside.input ?? {},
    children: { notice: child, statement: child, bid: child, 'wcp-22-recursion': child },
    script: (made, at) => {
      world = made;
      for (const [second, name, data = null] of outside.events ?? [])
        made.time.at(at + second * 1_000, () => void made.events.send(name, data, 'e1'));
      if (outside.cancelAt !== undefined) made.time.at(at + outside.cancelAt * 1_000, made.cancel);
    },
  });
  const paths = (status: TaskStatus) =>
    Object.entries(result.rows).flatMap(([path, each]) => (each === status ? [path] : []));
  return { ...result, log, lines: log.map((line) => line.replace(/^\S+ /, '')), children, paths };
}
