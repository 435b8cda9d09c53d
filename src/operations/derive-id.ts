import { createHash } from 'node:crypto';

/** The same parts give the same uuid: what is repeated under one idempotency key makes nothing twice. */
export function deriveId(...parts: readonly string[]): string {
  const hex = digestOf(...parts).slice(0, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** SHA-256 of the parts, in hex. */
export function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
