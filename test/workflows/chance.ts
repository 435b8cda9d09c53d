/** True so often (0 to 1), the same for a seed. */
export function chance(seed: number, often: number): () => boolean {
  let state = seed * 7_919;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647 < often;
}
