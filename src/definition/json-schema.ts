import { z } from 'zod';
import type { Json } from '../contract.ts';
import { definition } from './schema.ts';

let made: Json | undefined;

/** JSON Schema of the language, for editors: draft 7, which all of them read. */
export function definitionJsonSchema(): Json {
  made ??= z.toJSONSchema(definition, { target: 'draft-7', io: 'input', unrepresentable: 'any' }) as Json;
  return made;
}
