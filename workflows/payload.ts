import { byteLength } from './byte-length.ts';
import { TaskError } from './outcome.ts';

/** Temporal refuses payloads over 2 MiB for good: one would stop the execution instead of failing it. */
const MOST_BYTES = 1_900_000;

/**
 * Refuses what Temporal wouldn't take.
 * @throws TaskError with the code
 */
export function checkPayload(
  value: unknown,
  what: string,
  { most = MOST_BYTES, code = 'PAYLOAD_TOO_LARGE' } = {},
): void {
  const json = JSON.stringify(value);
  // A UTF-16 unit is at most three bytes.
  if (json.length * 3 <= most) return;
  const size = byteLength(json);
  if (size > most) throw new TaskError(code, `${what} has ${size} bytes, at most ${most} are allowed`);
}
