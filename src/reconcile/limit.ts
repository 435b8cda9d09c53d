/** Does `work` for every item, `atOnce` at a time; all are tried, then the first error is thrown. */
export async function forEachLimited<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const errors: unknown[] = [];
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    for (const item of queue) await work(item).catch((error: unknown) => errors.push(error));
  });
  await Promise.all(workers);
  if (errors.length > 0) throw errors[0];
}
