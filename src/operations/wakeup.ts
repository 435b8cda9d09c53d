import type { Changes, Watched } from '../mirror/changes.ts';

/** Waits for changes of one execution; one that comes while nobody waits counts for the next wait. */
export type Wakeup = {
  /** Resolves at the next change, after `ms` at the latest, or when `signal` is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

/** Watches from now on: what is read afterwards can't miss a change. */
export function createWakeup(
  changes: Changes,
  { tenant, id, which }: { readonly tenant: string; readonly id: string; readonly which: Watched },
): Wakeup {
  let hasChanged = false;
  let wake: (() => void) | undefined;
  const onChange = () => {
    hasChanged = true;
    wake?.();
  };
  const close = changes.watch(tenant, id, onChange, which);
  return {
    wait: async (ms, signal) => {
      if (!hasChanged && signal?.aborted !== true) {
        await new Promise<void>((resolve) => {
          const finish = () => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', finish);
            resolve();
          };
          const timer = setTimeout(finish, ms);
          wake = finish;
          signal?.addEventListener('abort', finish);
        });
      }
      wake = undefined;
      hasChanged = false;
    },
    close,
  };
}
