import { stripVTControlCharacters } from 'node:util';

/** A text that others wrote, without what would move the cursor or break the line. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/g, ' ');
}
