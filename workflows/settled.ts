import type { Outcome } from './outcome.ts';

/** One JSON-able table: path → how that task (or iteration) ended. Running a Plan again with it resumes the execution. */
export type Settled = {
  readonly get: (path: string) => Outcome | undefined;
  /** Keeps an outcome and forgets those of everything inside it. */
  readonly put: (path: string, outcome: Outcome) => void;
  readonly entries: () => { readonly [path: string]: Outcome };
};

export function createSettled(initial: { readonly [path: string]: Outcome } = {}): Settled {
  const table = new Map(Object.entries(initial));
  /** Paths directly under a path that hold an entry or lead to one, so that forgetting needs no walk over the whole table. */
  const inside = new Map<string, Set<string>>();
  for (const path of table.keys()) link(path);

  function link(path: string): void {
    for (let child = path, parent = parentOf(path); parent !== ''; child = parent, parent = parentOf(parent)) {
      const children = inside.get(parent);
      if (children?.has(child)) return;
      if (children) children.add(child);
      else inside.set(parent, new Set([child]));
    }
  }

  function forget(path: string): void {
    for (const child of inside.get(path) ?? []) {
      table.delete(child);
      forget(child);
    }
    inside.delete(path);
  }

  return {
    get: (path) => table.get(path),
    put: (path, outcome) => {
      forget(path);
      table.set(path, outcome);
      link(path);
    },
    entries: () => Object.fromEntries(table),
  };
}

/** `/a/b[3]` → `/a/b` → `/a` → ''. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(path.endsWith(']') ? path.lastIndexOf('[') : path.lastIndexOf('/'), 0));
}
