import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { Transform } from 'node:stream';

/** A relay in front of a server, that can be as bad as a network. */
export type TcpProxy = {
  readonly port: number;
  /** Drops all connections and refuses new ones, until `back`. */
  readonly away: () => Promise<void>;
  readonly back: () => Promise<void>;
  /** Resets all connections; new ones are taken. */
  readonly reset: () => void;
  /** Holds back all that is sent, while connections stay open and new ones are taken, until `pass`. */
  readonly hold: () => void;
  readonly pass: () => void;
  /** Every piece is so late from now on, ms. */
  readonly delay: (ms: number) => void;
  /**
   * Resets each connection right after something that `matches` was sent to the server, so that the answer is lost.
   * Returns what ends it, which says how many were.
   */
  readonly loseAnswersTo: (matches: (sent: Buffer) => boolean) => () => number;
  readonly close: () => Promise<void>;
};

/** From what was sent until the reset: the server has it by then. ms */
const SURELY_THERE_MS = 20;

export async function createTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const held = new Set<() => void>();
  let isHolding = false;
  let delayMs = 0;
  let isLost: ((sent: Buffer) => boolean) | undefined;
  let lost = 0;

  function relay(from: Socket, to: Socket, onPiece?: (piece: Buffer) => void): void {
    const line = new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        const go = () => {
          onPiece?.(piece);
          done(null, piece);
        };
        if (isHolding) held.add(go);
        else if (delayMs > 0) setTimeout(go, delayMs);
        else go();
      },
    });
    sockets.add(from);
    from.pipe(line).pipe(to);
    line.on('error', () => undefined);
    // An error ends in `close`, which is where both sides are let go.
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      line.destroy();
      to.destroy();
    });
  }

  // As PostgreSQL and its driver have it: of two small pieces the second would wait 40 ms for the first one's receipt.
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target.port, host: target.host, noDelay: true });
    relay(upstream, client);
    relay(client, upstream, (piece) => {
      if (isLost?.(piece) !== true) return;
      lost++;
      upstream.unpipe();
      setTimeout(() => client.resetAndDestroy(), SURELY_THERE_MS);
    });
  });

  function listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of sockets) socket.destroy();
    });
  }

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const { port } = address;
  return {
    port,
    away: close,
    back: () => listen(port),
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    hold: () => {
      isHolding = true;
    },
    pass: () => {
      isHolding = false;
      for (const go of held) go();
      held.clear();
    },
    delay: (ms) => {
      delayMs = ms;
    },
    loseAnswersTo: (matches) => {
      lost = 0;
      isLost = matches;
      return () => {
        isLost = undefined;
        return lost;
      };
    },
    close: () => (server.listening ? close() : Promise.resolve()),
  };
}
