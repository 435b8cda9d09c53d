import { byteLength } from './byte-length.ts';

/** Cuts a text to `max` UTF-8 bytes, its end replaced by a hash of the whole, so that different texts stay different. */
export function shorten(text: string, max: number): string {
  if (text.length * 3 <= max || byteLength(text) <= max) return text;
  const suffix = `~${fnv1a(text)}`;
  let kept = text.slice(0, max - suffix.length);
  while (byteLength(kept) > max - suffix.length) kept = kept.slice(0, -1);
  return kept + suffix;
}

/** FNV-1a, 64 bits: workflow code has no crypto. */
function fnv1a(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
