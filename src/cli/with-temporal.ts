import { Connection } from '@temporalio/client';
import type { Cli } from './cli.ts';

export type TemporalAtHand = {
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
};

const PATIENCE_MS = 5_000;

/**
 * Runs `work` with a connection to Temporal: that of the settings, else of the local stack.
 * @param ms all calls together
 * @throws Error where there is none
 */
export async function withTemporal<T>(
  cli: Cli,
  work: (temporal: TemporalAtHand) => Promise<T>,
  ms: number = PATIENCE_MS,
): Promise<T> {
  const settings = cli.settings();
  const local = settings.TEMPORAL_ADDRESS === undefined ? cli.localStack()?.temporal : undefined;
  const address = settings.TEMPORAL_ADDRESS ?? local?.address;
  if (address === undefined) throw new Error('There is none: start one with `weft dev`, or set TEMPORAL_ADDRESS.');
  const connection = await Connection.connect({
    address,
    connectTimeout: PATIENCE_MS,
    ...(settings.TEMPORAL_API_KEY === undefined ? {} : { apiKey: settings.TEMPORAL_API_KEY, tls: true }),
  });
  const namespace = local?.namespace ?? settings.TEMPORAL_NAMESPACE;
  try {
    return await connection.withDeadline(Date.now() + ms, () => work({ connection, address, namespace }));
  } finally {
    await connection.close();
  }
}
