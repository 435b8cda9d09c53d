import type { Context } from 'hono';
import { Problem } from '../problem.ts';
import type { ApiEnv, Source } from './services.ts';

const JSON_TYPES = ['application/json'];
const DEFINITION_TYPES: ReadonlyMap<string, Source['format']> = new Map([
  ['application/json', 'json'],
  ['application/yaml', 'yaml'],
  ['application/x-yaml', 'yaml'],
  ['text/yaml', 'yaml'],
]);

/**
 * Reads a request's whole body as UTF-8, never more than the limit, however it was sent.
 * @throws Problem TOO_LARGE, MALFORMED
 */
export async function readBody(c: Context<ApiEnv>): Promise<string> {
  const limit = c.get('services').config.WEFT_BODY_LIMIT;
  const refuse = () => new Problem('TOO_LARGE', `The body may have at most ${limit} bytes.`);
  const length = c.req.header('content-length');
  if (Number(length ?? 0) > limit) throw refuse();
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return '';
  // With a length Node reads exactly that much; without one, chunk by chunk, the counting is ours.
  const isCounted = length !== undefined && c.req.header('transfer-encoding') === undefined;
  const bytes = isCounted ? await c.req.arrayBuffer() : await readChunks(c.req.raw.body, limit);
  if (bytes === undefined) throw refuse();
  c.set('bodyWasRead', true);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem('MALFORMED', 'The body is not UTF-8.', { cause });
  }
}

/** All bytes of a stream, undefined when they are more than the limit. */
async function readChunks(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    size += read.value.byteLength;
    if (size > limit) return undefined;
    chunks.push(read.value);
  }
  return Buffer.concat(chunks);
}

/** @throws Problem UNSUPPORTED_MEDIA_TYPE unless the request says that its body is JSON */
export function requireJson(c: Context<ApiEnv>): void {
  const type = mediaType(c);
  if (!JSON_TYPES.includes(type)) throw unsupported(type, JSON_TYPES);
}

/** The format of a definition's text. @throws Problem UNSUPPORTED_MEDIA_TYPE */
export function definitionFormat(c: Context<ApiEnv>): Source['format'] {
  const type = mediaType(c);
  const format = DEFINITION_TYPES.get(type);
  if (format === undefined) throw unsupported(type, [...DEFINITION_TYPES.keys()]);
  return format;
}

/** The one content type, without parameters; '' where there is none, several or another charset than UTF-8. */
function mediaType(c: Context<ApiEnv>): string {
  const header = c.req.header('content-type') ?? '';
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every(
    (parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
  );
  return isUtf8 && !header.includes(',') ? type : '';
}

function unsupported(type: string, known: readonly string[]): Problem {
  return new Problem('UNSUPPORTED_MEDIA_TYPE', `Send ${known.join(' or ')} (UTF-8), not '${type}'.`);
}
