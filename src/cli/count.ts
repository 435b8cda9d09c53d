import { InvalidArgumentError } from 'commander';

/** A whole number as an option's value; throws what the command line shows. */
export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is no whole number.');
  return Number(value);
}
