/** PostgreSQL refuses NUL and half surrogate pairs in text and JSON: both become U+FFFD where a fact is made. */
const UNSTORABLE = /[\u0000\p{Surrogate}]/gu;
/** In JSON text both stand as escapes; every escape is matched, so that an escaped backslash doesn't shift the count. */
const ESCAPE = /\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g;

/** Text that PostgreSQL stores. */
export function cleanText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replace(UNSTORABLE, '\ufffd');
}

const known = new WeakMap<object, string>();

/**
 * JSON text that PostgreSQL stores; `undefined` becomes null. An object is taken as it was the first time.
 * @throws TypeError where there is no JSON of it
 */
export function toCleanJson(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null;
  const before = isObject ? known.get(value) : undefined;
  if (before !== undefined) return before;
  // Typed as always a string, yet undefined of what JSON can't say.
  const json = (JSON.stringify(value) as string | undefined) ?? 'null';
  const text = json.includes('\\u')
    ? json.replace(ESCAPE, (escape, bad?: string) => (bad === undefined ? escape : '\ufffd'))
    : json;
  if (isObject) known.set(value, text);
  return text;
}

/** At most `bytes` bytes of UTF-8, not cut within a character, that PostgreSQL stores. */
export function cutText(text: string, bytes: number): string {
  const clean = cleanText(text);
  if (clean.length * 3 <= bytes) return clean;
  const encoded = Buffer.from(clean);
  if (encoded.length <= bytes) return clean;
  let end = bytes - 3;
  while (((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${encoded.toString('utf8', 0, end)}…`;
}
