/** Why a text can't be read as a definition at all; where, in characters from its start. */
export class SourceError extends Error {
  readonly code: 'YAML_INVALID' | 'JSON_INVALID' | 'TOO_DEEP' | 'TOO_LARGE';
  readonly offset: number;

  constructor(code: SourceError['code'], message: string, offset: number) {
    super(message);
    this.name = 'SourceError';
    this.code = code;
    this.offset = offset;
  }
}
