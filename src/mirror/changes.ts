import { changeNameOf } from '../store/change-name.ts';
import type { Database } from '../store/database.ts';

/** Who wants to know that something changed in an execution. */
export type Changes = {
  /** Calls `onChange` after each commit that changed the execution, sometimes without a change; returns what ends it. */
  readonly watch: (tenant: string, executionId: string, onChange: () => void) => () => void;
};

/** One LISTEN for the whole process, from the first watcher on; whenever it begins (again) everybody is woken. */
export function createChanges(database: Pick<Database, 'listen'>): Changes {
  const watchers = new Map<string, Set<() => void>>();
  let isListening = false;

  function wake(name: string): void {
    for (const onChange of watchers.get(name) ?? []) onChange();
  }

  function onNotify(payload: string): void {
    const names = payload === '' ? watchers.keys() : namesIn(payload);
    for (const name of names) wake(name);
  }

  return {
    watch: (tenant, executionId, onChange) => {
      const name = changeNameOf(tenant, executionId);
      const others = watchers.get(name) ?? new Set();
      watchers.set(name, others.add(onChange));
      if (!isListening) {
        isListening = true;
        database.listen('weft_executions', onNotify);
      }
      return () => {
        others.delete(onChange);
        if (others.size === 0 && watchers.get(name) === others) watchers.delete(name);
      };
    },
  };
}

/** Anybody with the right to notify may send anything. */
function namesIn(payload: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(payload);
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
