const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * Milliseconds of a duration: `500ms`, `10s`, `1h30m`, `30d`, a number of ms, or ISO 8601 (`PT10S`, `P1DT2H`);
 * undefined when it is none.
 */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string' || value === '') return undefined;
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(value);
  if (iso) {
    const parts = iso.slice(1).map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
    if (parts.every((part) => part === undefined)) return undefined;
    const [w = 0, d = 0, h = 0, m = 0, s = 0] = parts;
    return w * UNITS.w + d * UNITS.d + h * UNITS.h + m * UNITS.m + s * UNITS.s;
  }
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
    total += Number(amount) * UNITS[unit as keyof typeof UNITS];
  }
  return total;
}
