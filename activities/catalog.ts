import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Json } from '../src/contract.ts';
import type { Reach } from './allowed-address.ts';
import type { Executor } from './define-executor.ts';
import { createHttp } from './http.ts';
import { log } from './log.ts';
import { createNotify } from './notify.ts';
import { transform } from './transform.ts';

/** What every installation has. */
export function createBuiltIn(reach: Reach = {}): readonly Executor[] {
  const http = createHttp(reach);
  return [http, transform, log, createNotify(http)];
}

/** The same, with nothing but the public internet in reach. */
export const builtIn: readonly Executor[] = createBuiltIn();

/**
 * The built-in executors and those of {@link loadExecutors}.
 * @throws Error as that does, and when two have one name
 */
export async function loadCatalog(modules: readonly string[]): Promise<readonly Executor[]> {
  return checkCatalog([...builtIn, ...(await loadExecutors(modules))]);
}

/**
 * The executors that modules export, one by one or in lists.
 * @param modules paths from the working directory, or names of packages
 * @throws Error that names the module and what is wrong with it
 */
export async function loadExecutors(modules: readonly string[]): Promise<readonly Executor[]> {
  const executors: Executor[] = [];
  for (const name of modules) {
    const found = findExecutors(await importModule(name));
    if (found.length === 0) throw new Error(`'${name}' exports no executor: make one with defineExecutor`);
    executors.push(...found);
  }
  return executors;
}

/** @throws Error when two executors have one name, or one has none that a definition could use */
export function checkCatalog(executors: readonly Executor[]): readonly Executor[] {
  const names = new Set<string>();
  for (const { name } of executors) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error(`'${name}' is no name for an executor: use a-z, 0-9 and -`);
    if (names.has(name)) throw new Error(`There are two executors '${name}'`);
    names.add(name);
  }
  return executors;
}

async function importModule(name: string): Promise<object> {
  const file = resolve(name);
  try {
    return (await import(existsSync(file) ? pathToFileURL(file).href : name)) as object;
  } catch (error) {
    throw new Error(`The executors in '${name}' can't be loaded: ${String(error)}`, { cause: error });
  }
}

function findExecutors(exported: object): readonly Executor[] {
  const found = new Set<Executor>();
  for (const value of Object.values(exported) as unknown[]) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) if (isExecutor(one)) found.add(one);
  }
  return [...found];
}

function isExecutor(value: unknown): value is Executor {
  if (typeof value !== 'object' || value === null) return false;
  const { name, run, input } = value as Partial<Executor>;
  return typeof name === 'string' && typeof run === 'function' && typeof input?.safeParse === 'function';
}

/** The catalog as `GET /executors` shows it and the compiler checks against. */
export function describeCatalog(executors: readonly Executor[]): readonly {
  readonly name: string;
  readonly description: string;
  readonly local: boolean;
  readonly inputSchema: Json;
  readonly defaults: Executor['defaults'];
}[] {
  return executors.map(({ name, description, local = false, input, defaults }) => {
    // What it takes, not what its checks make of that; what JSON Schema can't say is left open.
    const inputSchema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Json;
    return { name, description, local, inputSchema, defaults };
  });
}
