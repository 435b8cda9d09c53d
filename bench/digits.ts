/** A number with about three digits that count: 1234, 123, 12.3, 1.23, 0.12. */
export function digits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
