import { Agent, request } from 'node:http';

/** As many connections as are asked for at once, kept for less long than a server of Node keeps them, 5 s. */
const agent = new Agent({ keepAlive: true, timeout: 3_000 });

export type HttpAnswer = { readonly status: number; readonly text: string };

/**
 * Sends one request. By Node's own client and not by `fetch`, whose streams cost the bench process as much as the request
 * costs the server that is measured.
 */
export function ask(
  url: string,
  { method, headers, body }: { method: string; headers: { readonly [name: string]: string }; body?: string },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
