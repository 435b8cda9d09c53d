import { byteLength } from '../src/byte-length.ts';
import { TaskError } from './outcome.ts';

/**
 * A value has at most: large ones stand in PostgreSQL, but the workflow holds them, every replay reads them, the mirror
 * writes them (about so much in one transaction) and the API gives them out.
 */
const MOST_BYTES = 8_000_000;

/**
 * Refuses what is too large to be carried; gives about how many bytes it has.
 * @throws TaskError with the code
 */
export function checkPayload(
  value: unknown,
  what: string,
  { most = MOST_BYTES, code = 'PAYLOAD_TOO_LARGE' } = {},
): number {
  const json = JSON.stringify(value);
  // A UTF-16 unit is at most three bytes.
  if (json.length * 3 <= most) return json.length;
  const size = byteLength(json);
  if (size > most) throw new TaskError(code, `${what} has ${size} bytes, at most ${most} are allowed`);
  return size;
}
