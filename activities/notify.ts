import { z } from 'zod';
import type { Executor } from './define-executor.ts';
import { defineExecutor } from './define-executor.ts';

/** The `notify` executor: a POST of JSON by `http`, of which nothing but its success matters. */
export function createNotify(http: Executor): Executor {
  return defineExecutor({
    name: 'notify',
    description: 'Posts JSON to a webhook and gives back {status}',
    input: z.strictObject({ url: z.url({ protocol: /^https?$/ }), body: z.unknown().optional() }),
    ...(http.defaults === undefined ? {} : { defaults: http.defaults }),
    run: async (context) => {
      const { url, body = {} } = context.input;
      // Its schema fills in what a call leaves out.
      const input = http.input.parse({ method: 'POST', url, body }) as never;
      const { status } = (await http.run({ ...context, input })) as { readonly status: number };
      return { status };
    },
  });
}
