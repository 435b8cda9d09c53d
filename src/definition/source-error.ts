/** Codes of texts that can't be read. */
export const SOURCE_ERRORS = ['YAML_INVALID', 'JSON_INVALID', 'TOO_DEEP', 'TOO_LARGE'] as const;

/** Why a text can't be read as a definition at all; where, in characters from its start. */
export class SourceError extends Error {
  readonly code: (typeof SOURCE_ERRORS)[number];
  readonly offset: number;

  constructor(code: SourceError['code'], message: string, offset: number) {
    super(message);
    this.name = 'SourceError';
    this.code = code;
    this.offset = offset;
  }
}
