const LEGAL = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const LONGEST = 64;
/** Room for a number behind it. */
const LONGEST_BASE = 58;

/**
 * Makes ids of names: a legal one stays as it is, others get `_` for what an id can't hold and `prefix_` where it can't
 * begin so; the second of the same gets `_2`. The same names in the same order give the same ids.
 * @param taken ids that are in use
 */
export function createLegalIds(prefix: string, taken: Iterable<string>): (name: string) => string {
  const used = new Set(taken);
  const numbers = new Map<string, number>();
  return (name) => {
    const base = baseOf(name, prefix);
    let id = base;
    for (let n = numbers.get(base) ?? 2; used.has(id); n++) {
      id = `${base.slice(0, LONGEST_BASE)}_${n}`;
      numbers.set(base, n + 1);
    }
    used.add(id);
    return id;
  };
}

export function isLegalId(name: string): boolean {
  return LEGAL.test(name);
}

function baseOf(name: string, prefix: string): string {
  if (isLegalId(name)) return name;
  const word = name.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '');
  return (/^[A-Za-z]/.test(word) ? word : word === '' ? prefix : `${prefix}_${word}`).slice(0, LONGEST);
}
