import type { Json } from '../contract.ts';
import { isList, isObject } from './outline.ts';
import { inside } from './pointer.ts';

/** Keywords of JSON Schema that hold schemas, by how they hold them. */
const ONE: ReadonlySet<string> = new Set([
  ...['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'additionalItems', 'contentSchema'],
]);
const LIST: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items']);
const BY_NAME: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'],
]);

export type SchemaObject = { readonly [keyword: string]: Json };

/** A copy of a JSON Schema with every schema in it changed; `change` gets the schema's pointer. */
export function mapSchema(
  schema: Json,
  change: (schema: SchemaObject, pointer: string) => SchemaObject,
  pointer = '',
): Json {
  if (!isObject(schema)) return schema;
  const changed = Object.entries(schema).map(([keyword, value]): readonly [string, Json] => {
    const at = inside(pointer, keyword);
    if (LIST.has(keyword) && isList(value)) {
      return [keyword, value.map((each, i) => mapSchema(each, change, inside(at, i)))];
    }
    if (BY_NAME.has(keyword) && isObject(value)) {
      const entries = Object.entries(value).map(([name, each]) => [name, mapSchema(each, change, inside(at, name))]);
      return [keyword, Object.fromEntries(entries) as Json];
    }
    return [keyword, ONE.has(keyword) ? mapSchema(value, change, at) : value];
  });
  return change(Object.fromEntries(changed), pointer);
}
