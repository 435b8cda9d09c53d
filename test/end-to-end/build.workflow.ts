import { condition, defineSignal, makeContinueAsNewFunc, proxyActivities, setHandler } from '@temporalio/workflow';

const { build } = proxyActivities<{ build: () => Promise<string> }>({ startToCloseTimeout: '10s' });

/** Tells by which builds its runs were done: one run for each signal. */
export async function chain(runs: number, builds: readonly string[]): Promise<readonly string[]> {
  let goes = false;
  setHandler(defineSignal('go'), () => {
    goes = true;
  });
  const here = await build();
  await condition(() => goes);
  const all = [...builds, `${here} ${await build()}`];
  if (runs > 1) {
    // As the interpreter does: the next run begins on the build that is current then.
    await makeContinueAsNewFunc<typeof chain>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(runs - 1, all);
  }
  return all;
}
