/** What others need to use a running stack; the CLI reads it from the data directory. */
export type ReadyFile = {
  readonly api: string;
  readonly key: string;
  readonly managerKey: string;
  /** A login of tenant `default` that reads everything and writes through the views. */
  readonly database: string;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly ui: string };
  /** Null = not ours. */
  readonly pids: {
    readonly api: number;
    readonly worker: number;
    readonly postgres: number | null;
    readonly temporal: number | null;
  };
};
