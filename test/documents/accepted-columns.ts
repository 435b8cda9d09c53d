/** A documented type → what a column here may be. Wider is accepted, and listed; narrower is not. */
const ACCEPTED: readonly (readonly [RegExp, readonly string[]])[] = [
  // Ids are text everywhere, and lengths belong to the core's checks.
  [/^(UUID|(VAR)?CHAR\(\d+\)|TEXT)$/, ['text']],
  [/^TEXT\[\]$/, ['text[]']],
  [/^JSONB?$/, ['jsonb']],
  // Every time has a zone.
  [/^(TIMESTAMP|DATETIME|TIMESTAMP WITH TIME ZONE)$/, ['timestamptz']],
  [/^DATE$/, ['date']],
  [/^BOOLEAN$/, ['boolean']],
  [/^(INT|INTEGER)$/, ['integer', 'bigint', 'smallint']],
  [/^(BIGINT|BIGSERIAL)$/, ['bigint']],
  [/^TINYINT$/, ['smallint']],
  [/^DECIMAL\(\d+, ?\d+\)$/, ['numeric']],
  [/^INET$/, ['inet', 'text']],
  [/^vector\(1536\)$/, ['vector(1536)', 'real[]']],
];

/** The only documented integers that may become smaller: their values are hours of a day. */
const SMALL = new Set(['stat_hour']);

/**
 * Whether a column of this type may stand for the documented one, a `bare` one without length or precision.
 * @param enums of the document; their columns are text, because comparing enums isn't leakproof
 * @throws Error for a documented type that the table doesn't have
 */
export function accepts(documented: string, actual: string, column: string, enums: readonly string[]): boolean {
  const type = documented.replace(/ not null$/, '');
  if (type === '') return true;
  if (enums.includes(type)) return actual === 'text';
  const types = ACCEPTED.find(([pattern]) => pattern.test(type))?.[1];
  if (types === undefined) throw new Error(`no accepted type for ${documented}`);
  const bare = actual.replace(/^numeric\(.*$/, 'numeric');
  return types.includes(bare) && (bare !== 'smallint' || type === 'TINYINT' || SMALL.has(column));
}
