/** One server-sent event; without data it is a comment that keeps the connection open. */
export type SentEvent = { readonly event: string; readonly data?: unknown };

/**
 * Answers with server-sent events: each is made when the client has room for it, so a slow one makes nothing pile up.
 * Ends with the events, and stops them when the client goes.
 */
export function eventStream(events: AsyncGenerator<SentEvent, void>, stop: AbortController): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await events.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(textOf(value)));
      },
      cancel: () => {
        stop.abort();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      // Proxies that collect answers would keep events back.
      'x-accel-buffering': 'no',
    },
  });
}

function textOf({ event, data }: SentEvent): string {
  return data === undefined ? `: ${event}\n\n` : `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
