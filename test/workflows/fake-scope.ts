import { Cancelled } from '../../workflows/outcome.ts';

export type ScopeState = ReturnType<typeof createScopeState>;

/** A node of the tree of cancellation scopes; a shielded one does not hear its parent. */
export function createScopeState(
  parent: { onCancel: (listener: () => void) => void; isCancelled: () => boolean } | undefined,
  cancellable: boolean,
) {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  let reject: (error: Cancelled) => void;
  const cancelled = new Promise<never>((_, rejectIt) => (reject = rejectIt));
  cancelled.catch(() => undefined);
  function cancel(): void {
    if (isCancelled || !cancellable) return;
    isCancelled = true;
    reject(new Cancelled());
    for (const listener of listeners) listener();
  }
  const state = {
    cancelled,
    cancel,
    isCancelled: () => isCancelled,
    onCancel: (listener: () => void): void => void listeners.add(listener),
  };
  if (parent && cancellable) {
    if (parent.isCancelled()) cancel();
    else parent.onCancel(cancel);
  }
  return state;
}
