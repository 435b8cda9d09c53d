import { randomUUID } from 'node:crypto';
import { ask } from '../ask.ts';
import type { Runner } from '../runner.ts';
import { ORDER } from '../step.ts';

export type Peer = Pick<Runner, 'worker' | 'server'> & {
  /** `POST /SHAPE` there starts an execution and is answered at its end. */
  readonly url: string;
  /** What it is told beside a shape's input. */
  readonly says?: { readonly [name: string]: string };
};

/** A runner of an engine that is given work and asked for its end by one and the same HTTP request. */
export function createPeerRunner({ url, says, ...processes }: Peer): Runner {
  const none = (): Promise<never> => Promise.reject(new Error('peers are given no approvals'));
  return {
    ...processes,
    run: async (shape, { count }) => {
      const id = `${shape}-${randomUUID()}`;
      await post(`${url}/${shape}`, { ...says, count, order: ORDER });
      return id;
    },
    start: none,
    end: none,
    approve: none,
    waiting: none,
    settle: () => Promise.resolve(),
  };
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status, text } = await ask(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (status >= 300) throw new Error(`POST ${url}: ${status} ${text}`);
}
