import type { Json } from '../../src/contract.ts';
import type { Host, LocalCall, Scope } from '../../workflows/host.ts';

type Watcher = { readonly begin: (call: LocalCall) => void; readonly end: () => void };

/** A host that tells of each call when it begins and ends; so do all scopes within it. */
export function watched(host: Host, watcher: Watcher): Host {
  async function told(call: LocalCall, work: () => Promise<Json>): Promise<Json> {
    watcher.begin(call);
    try {
      return await work();
    } finally {
      watcher.end();
    }
  }
  return {
    ...host,
    call: (call) => told(call, () => host.call(call)),
    callLocal: (call) => told(call, () => host.callLocal(call)),
    shield: () => watched(host.shield(), watcher),
    scope: (): Scope => {
      const scope = host.scope();
      return { ...watched(scope, watcher), cancel: scope.cancel };
    },
  };
}
