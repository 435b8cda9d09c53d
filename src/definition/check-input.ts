import type { Json } from '../contract.ts';
import type { Issue } from '../problem.ts';
import { mismatchesOf } from './mismatches.ts';
import { validatorOf } from './validator.ts';

const MOST = 100;

/**
 * Checks data against a JSON Schema 2020-12: an execution's input, or what a decision carries. Pointers begin at the
 * data's root; a schema that is none (null, or one saved before it was refused) is an issue of its own.
 */
export function checkInput(schema: Json, input: Json): readonly Issue[] {
  if (schema === null) return [];
  const checked = validatorOf(schema);
  if (!('validator' in checked)) {
    return checked.flaws.map(({ message }) => ({ pointer: '', code: 'INPUT_SCHEMA_INVALID', message }));
  }
  try {
    return mismatchesOf(checked.validator(input))
      .slice(0, MOST)
      .map(({ kind, pointer, message, hint }) => ({
        pointer,
        code: kind,
        message,
        ...(hint === undefined ? {} : { hint }),
      }));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Steps that ran out, or a schema that refers to itself without end.
    return [{ pointer: '', code: 'TOO_LARGE', message: 'It takes too long to check it against its schema.' }];
  }
}
