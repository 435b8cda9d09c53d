import {
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';

type Make = { readonly make: (input: { readonly bytes: number; readonly filler?: string }) => Promise<string> };
const normal = proxyActivities<Make>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });
const local = proxyLocalActivities<Make>({ startToCloseTimeout: '30s', retry: { maximumAttempts: 3 } });

/** Side by side, each with an input of that size and a result of that size; how many came back whole. */
export async function wide(count: number, bytes: number): Promise<number> {
  const filler = 'i'.repeat(bytes);
  const results = await Promise.all(
    // Each another value: the same one is stored once.
    Array.from({ length: count }, (_, index) => normal.make({ bytes: bytes + index, filler: `${index}${filler}` })),
  );
  return results.filter((result, index) => result.length === bytes + index).length;
}

/** One local activity with a large result. */
export async function narrow(bytes: number): Promise<string> {
  return await local.make({ bytes });
}

/** Goes on as another run with all it was given, `runs` times. */
export async function carry(runs: number, cargo: string): Promise<number> {
  if (runs > 0) await continueAsNew<typeof carry>(runs - 1, cargo);
  return cargo.length;
}

/** Answers an update with what it brought, and ends with what a signal brings. */
export async function listen(): Promise<string> {
  let brought: string | undefined;
  setHandler(defineUpdate<string, [string]>('echo'), (text) => text);
  setHandler(defineSignal<[string]>('bring'), (text) => {
    brought = text;
  });
  await condition(() => brought !== undefined);
  return brought ?? '';
}

/** Local activities side by side, all in one workflow task; how many came back. */
export async function manyLocal(count: number, bytes: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: count }, (_, index) => local.make({ bytes: bytes + index })));
  return results.length;
}
