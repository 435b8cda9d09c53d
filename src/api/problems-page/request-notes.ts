import type { Note } from './note.ts';

/** Codes in `errors` of a request that is refused, beside those of definitions. */
export const REQUEST_NOTES: { readonly [code: string]: Note } = {
  CURSOR_INVALID: {
    means: '`cursor` is none that this list has given.',
    todo: 'Use `nextCursor` of the page before, unchanged, with the same filters.',
  },
  CHARACTER_INVALID: {
    means: "A text holds \\u0000 or half a surrogate pair, which PostgreSQL can't store.",
    todo: 'Remove the character; binary data goes as base64.',
  },
  REPEATED: { means: 'A parameter of the query is there more than once.', todo: 'Give it once.' },
  INVALID: {
    means: 'A name in the path, or the name or key of an event, is too long or holds characters that no name has.',
    todo: 'Correct it; the message has the limits.',
  },
  TOO_MANY_KEYS: { means: 'An object has over 10,000 keys.', todo: 'Use a list, or send less.' },
  PARAMETER_UNKNOWN: {
    means: 'A template has no such parameter.',
    todo: '`GET /templates/{code}` has their schema.',
  },
  JSON_INVALID: {
    means: 'The body is no JSON; line and column are where it stops being it.',
    todo: 'Correct it there.',
  },
  TOO_DEEP: { means: 'The body is nested deeper than 64 levels.', todo: 'Flatten it.' },
  UNRECOGNIZED_KEYS: { means: 'There is no such field.', todo: 'Remove it, or correct its name.' },
  INVALID_TYPE: { means: 'A field is missing, or of another kind.', todo: 'The message says which kind it has to be.' },
  INVALID_VALUE: { means: 'The value is none of those that are possible.', todo: 'The message lists them.' },
  INVALID_FORMAT: { means: 'A text has not the form that is needed.', todo: 'The message has the form.' },
  INVALID_UNION: { means: 'The value fits none of several shapes.', todo: '`/openapi.json` has them.' },
  INVALID_KEY: { means: 'A key of an object has not the form that is needed.', todo: 'Correct the key.' },
  INVALID_ELEMENT: { means: 'An element is not of the kind that is needed.', todo: 'Correct it.' },
  NOT_MULTIPLE_OF: { means: 'The number is no multiple of what it has to be.', todo: 'Correct it.' },
  TOO_BIG: { means: 'The value is over its limit.', todo: 'The message has the limit.' },
  TOO_SMALL: { means: 'The value is under its limit.', todo: 'The message has the limit.' },
  CUSTOM: { means: "The value doesn't fit; the message says why.", todo: 'Correct it.' },
};
