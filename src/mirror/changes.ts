import { changeNameOf, readChange } from '../store/change-name.ts';
import type { Database } from '../store/database.ts';

/** `ends`: nothing but that it has ended. */
export type Watched = 'changes' | 'ends';

/** Who wants to know that something changed in an execution. */
export type Changes = {
  /** Calls `onChange` after each commit that changed the execution, sometimes without a change; returns what ends it. */
  readonly watch: (tenant: string, executionId: string, onChange: () => void, which: Watched) => () => void;
};

type Watcher = { readonly onChange: () => void; readonly which: Watched };

/** One LISTEN for the whole process, from the first watcher on; whenever it begins (again) everybody is woken. */
export function createChanges(database: Pick<Database, 'listen'>): Changes {
  const watchers = new Map<string, Set<Watcher>>();
  let isListening = false;

  function wake(name: string, hasEnded: boolean): void {
    for (const { onChange, which } of watchers.get(name) ?? []) if (hasEnded || which === 'changes') onChange();
  }

  function onNotify(payload: string): void {
    if (payload === '') for (const name of watchers.keys()) wake(name, true);
    for (const { name, hasEnded } of changesIn(payload)) wake(name, hasEnded);
  }

  return {
    watch: (tenant, executionId, onChange, which) => {
      const name = changeNameOf(tenant, executionId);
      const others = watchers.get(name) ?? new Set();
      const watcher = { onChange, which };
      watchers.set(name, others.add(watcher));
      if (!isListening) {
        isListening = true;
        database.listen('weft_executions', onNotify);
      }
      return () => {
        others.delete(watcher);
        if (others.size === 0 && watchers.get(name) === others) watchers.delete(name);
      };
    },
  };
}

/** Anybody with the right to notify may send anything. */
function changesIn(payload: string): readonly ReturnType<typeof readChange>[] {
  try {
    const names: unknown = JSON.parse(payload);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string').map(readChange) : [];
  } catch {
    return [];
  }
}
