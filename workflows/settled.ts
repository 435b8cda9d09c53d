import type { Json } from '../src/contract.ts';
import type { Outcome } from './outcome.ts';

/** What is known of a task that has begun and not ended: JSON, changed in place by whoever runs it. */
export type OpenState = { [field: string]: unknown };

/**
 * How far an execution is, as JSON: path → how that task (or iteration) ended, and path → what is known of one that has
 * begun. Running a Plan again with it resumes the execution.
 */
export type Settled = {
  readonly get: (path: string) => Outcome | undefined;
  /** Keeps an outcome and forgets everything inside it, and what was known of it while it was open. */
  readonly put: (path: string, outcome: Outcome) => void;
  /** Keeps the output of one that is there. */
  readonly keepOutput: (path: string, output: Json) => void;
  /** The state of a task that has begun; undefined before. */
  readonly opened: (path: string) => OpenState | undefined;
  /** Begins a task, or gives the state it has. */
  readonly open: (path: string) => OpenState;
  /** Whether anything inside a path has begun or ended. */
  readonly hasInside: (path: string) => boolean;
  /** Forgets a path and everything inside it. */
  readonly forget: (path: string) => void;
  /** Which of these was put first. */
  readonly first: (paths: readonly string[]) => string | undefined;
  readonly entries: () => { readonly [path: string]: Outcome };
  readonly openEntries: () => { readonly [path: string]: OpenState };
};

export function createSettled(
  initial: { readonly [path: string]: Outcome } = {},
  initiallyOpen: { readonly [path: string]: OpenState } = {},
): Settled {
  const table = new Map(Object.entries(initial));
  const open = new Map(Object.entries(initiallyOpen));
  /** Paths directly under a path that hold an entry or lead to one, so that forgetting needs no walk over the whole table. */
  const inside = new Map<string, Set<string>>();
  for (const path of [...table.keys(), ...open.keys()]) link(path);

  function link(path: string): void {
    for (let child = path, parent = parentOf(path); parent !== ''; child = parent, parent = parentOf(parent)) {
      const children = inside.get(parent);
      if (children?.has(child)) return;
      if (children) children.add(child);
      else inside.set(parent, new Set([child]));
    }
  }

  function forgetInside(path: string): void {
    for (const child of inside.get(path) ?? []) {
      table.delete(child);
      open.delete(child);
      forgetInside(child);
    }
    inside.delete(path);
  }

  return {
    get: (path) => table.get(path),
    put: (path, outcome) => {
      forgetInside(path);
      open.delete(path);
      table.set(path, outcome);
      link(path);
    },
    keepOutput: (path, output) => {
      const outcome = table.get(path);
      if (outcome) table.set(path, { ...outcome, output });
    },
    opened: (path) => open.get(path),
    open: (path) => {
      const known = open.get(path);
      if (known) return known;
      const state: OpenState = {};
      open.set(path, state);
      link(path);
      return state;
    },
    hasInside: (path) => (inside.get(path)?.size ?? 0) > 0,
    forget: (path) => {
      forgetInside(path);
      table.delete(path);
      open.delete(path);
      inside.get(parentOf(path))?.delete(path);
    },
    first: (paths) => {
      if (paths.length < 2) return paths[0];
      const wanted = new Set(paths);
      for (const path of table.keys()) if (wanted.has(path)) return path;
      return undefined;
    },
    entries: () => Object.fromEntries(table),
    openEntries: () => Object.fromEntries(open),
  };
}

/** `/a/b[3]` → `/a/b` → `/a` → ''. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(path.endsWith(']') ? path.lastIndexOf('[') : path.lastIndexOf('/'), 0));
}
