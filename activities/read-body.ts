import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Json } from '../src/contract.ts';
import { ExecutorError } from './define-executor.ts';

/** Bytes after decompression. */
const MAX_BODY = 1_048_576;

/**
 * The body of an answer: JSON where it says so, else text, else (what is no UTF-8) base64; null when empty.
 * @throws ExecutorError PAYLOAD_TOO_LARGE as soon as it grows over 1 MB
 */
export async function readBody(message: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decompressed(message) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) {
      message.destroy();
      throw new ExecutorError('PAYLOAD_TOO_LARGE', `The answer has more than ${MAX_BODY} bytes`, { retryable: false });
    }
    chunks.push(chunk);
  }
  return bytes === 0 ? null : decode(Buffer.concat(chunks), message.headers['content-type'] ?? '');
}

function decompressed(message: IncomingMessage): Readable {
  const encoding = (message.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decoder = DECODERS[encoding]?.();
  if (!decoder) return message;
  // An error of either reaches whoever reads the decoder.
  return pipeline(message, decoder, () => undefined);
}

const DECODERS: { readonly [encoding: string]: () => ReturnType<typeof createGunzip> } = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

function decode(body: Buffer, contentType: string): Json {
  const text = utf8(body);
  if (text === undefined) return body.toString('base64');
  if (!/^application\/(?:[^;]*\+)?json\b/i.test(contentType)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function utf8(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
