import { createHash } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeIfNew } from './write-if-new.ts';

/** Everything of ours that may get into the bundle: files and directories whose change makes it anew. */
export const BUNDLED = [
  ...['workflows', 'src/plan', 'src/expression', '.build/jsonata.cjs'],
  ...['contract', 'messages', 'ids', 'shorten', 'byte-length', 'task-header', 'run-input', 'transitions'].map(
    (name) => `src/${name}.ts`,
  ),
];
/** Where an error came from is enough; all of its stack is looked up in the source map wherever it is read. */
const SHORT_STACKS = 'Error.stackTraceLimit = 1';
/**
 * Each look at a global of a sandbox goes through Node's interceptors, a hundred times as long as a variable takes. These
 * are the same for all executions.
 */
const GLOBALS = `Object, Array, Map, Set, WeakMap, WeakSet, Symbol, Promise, Proxy, Reflect, JSON, Math, String, Number, Boolean, \
BigInt, RegExp, Error, TypeError, RangeError, SyntaxError, Uint8Array, parseInt, parseFloat, isNaN, isFinite, NaN, Infinity`;
/** Of Node 20: the SDK's es2017 makes functions of what the engine has itself, above all of each spread of an object. */
const TARGET = 'es2022';
const BOOTSTRAP = '(() => { // webpackBootstrap';
const PACKAGES = ['@temporalio/worker', '@temporalio/workflow', '@temporalio/common', 're2js'];

/**
 * Bundles the workflows for Temporal's sandbox into `file`, unless it was made from the same inputs.
 * @returns whether it was made anew
 * @throws Error with webpack's messages when something in it can't run in a workflow
 */
export async function buildBundle(project: string, file: string): Promise<boolean> {
  const start = `${SHORT_STACKS}; // made from ${await hashInputs(project)}\n`;
  if ((await startOf(file, start.length)) === start) return false;
  // Loaded when needed alone: it takes longer than the rest of a build that finds all fresh.
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const workflowsPath = join(project, 'workflows/run.ts');
  const workflowInterceptorModules = ['path-header', 'mirror-barrier'].map((name) =>
    join(project, `workflows/${name}.ts`),
  );
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules,
    // All of it keeps its state in functions: modules run once for all executions, which find them frozen.
    preloadModules: [workflowsPath, ...workflowInterceptorModules],
    logger: new DefaultLogger('WARN'),
    webpackConfigHook: (config) => {
      const loader = (config.module?.rules ?? []).map(loaderOf).find((found) => found?.options?.jsc !== undefined);
      if (!loader?.options?.jsc) throw new Error('the bundler compiles TypeScript in another way than before');
      loader.options.jsc.target = TARGET;
      return config;
    },
  });
  // On lines that are there, as the source map counts them.
  const parts = code.split(BOOTSTRAP);
  if (parts.length !== 2) throw new Error('the bundle has another form than webpack gives it');
  await writeIfNew(file, start + parts.join(`(() => { const { ${GLOBALS} } = globalThis;`));
  return true;
}

type Loader = { readonly options?: { readonly jsc?: { target?: string } } };

function loaderOf(rule: unknown): Loader | undefined {
  return (rule as { readonly use?: Loader } | undefined)?.use;
}

async function hashInputs(project: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of [...BUNDLED, 'src/build/bundle.ts']) {
    for (const file of await filesIn(project, input)) {
      hash
        .update(`${file}\0`)
        .update(await readFile(join(project, file)))
        .update('\0');
    }
  }
  for (const name of PACKAGES) hash.update(await readFile(join(project, 'node_modules', name, 'package.json')));
  return hash.digest('hex');
}

/** Sorted, so that the order a disk gives doesn't count. */
async function filesIn(project: string, path: string): Promise<readonly string[]> {
  const entries = await readdir(join(project, path), { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
      throw error;
    },
  );
  if (entries === undefined) return [path];
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(join(project, '/').length)).sort();
}

async function startOf(file: string, length: number): Promise<string | undefined> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
