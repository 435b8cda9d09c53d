/** Calls `work` `count` times, `limit` at a time, and answers the results in the order of the calls. */
export async function inFlight<T>(
  count: number,
  limit: number,
  work: (number: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  async function go(): Promise<void> {
    while (next < count) {
      const number = next++;
      results[number] = await work(number);
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, count) }, go));
  return results;
}
