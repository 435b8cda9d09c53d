import pg from 'pg';

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];
const AS_NUMBERS: readonly TypeId[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

/**
 * How columns arrive, as `tables.generated.ts` has them: bigint and numeric as numbers, times as Date. A Date ends at
 * milliseconds, so a cursor is made of `column::text`.
 * @throws RangeError when a whole number is too large for a number
 */
export function getTypeParser(type: TypeId, format?: 'text' | 'binary'): (text: string) => unknown {
  if (AS_NUMBERS.includes(type)) return toNumber;
  return pg.types.getTypeParser(type, format) as (text: string) => unknown;
}

function toNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${text} is too large a number`);
  return value;
}
