export type ServerAt = {
  /** Of its frontend; the ports of its other parts. */
  readonly port: number;
  readonly otherPorts: readonly number[];
  readonly database: {
    readonly host: string;
    readonly user: string;
    readonly password: string;
    /** Of its state, of what it lists. */
    readonly names: readonly [string, string];
  };
  /** File of its dynamic configuration. */
  readonly dynamicConfig: string;
};

/** Fixed when a database is made; a few are what a small installation has. */
const SHARDS = 4;
const CONNECTIONS = 20;
const ADDRESS = '127.0.0.1';

/** The server's configuration, as JSON, which is YAML as well; after Temporal's own `config/development-postgres12.yaml`. */
export function serverConfiguration({ port, otherPorts, database, dynamicConfig }: ServerAt): string {
  const { host, user, password, names } = database;
  const store = (name: string) => ({
    sql: {
      ...{ pluginName: 'postgres12_pgx', databaseName: name, connectAddr: host, connectProtocol: 'tcp' },
      ...{ user, password, maxConns: CONNECTIONS, maxIdleConns: CONNECTIONS, maxConnLifetime: '1h' },
    },
  });
  const ports = [port, ...otherPorts];
  const service = (index: number) => ({
    rpc: { grpcPort: ports[2 * index], membershipPort: ports[2 * index + 1], bindOnLocalHost: true },
  });
  return JSON.stringify({
    log: { stdout: true, level: 'error' },
    persistence: {
      ...{ numHistoryShards: SHARDS, defaultStore: 'default', visibilityStore: 'visibility' },
      datastores: { default: store(names[0]), visibility: store(names[1]) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: ADDRESS } },
    services: { frontend: service(0), matching: service(1), history: service(2), worker: service(3) },
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1 },
          ...{ rpcName: 'frontend', rpcAddress: `${ADDRESS}:${port}` },
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  });
}

/** One value for all namespaces of each setting. */
export function dynamicConfiguration(settings: { readonly [name: string]: number | string }): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, [{ value, constraints: {} }]])),
  );
}
