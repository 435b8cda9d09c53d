/** The one place that reads `process.env`: every setting, its meaning, its default; a bad one stops the start with all of them listed. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_TASK_QUEUE } from './contract.ts';

const settings = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('PostgreSQL; its login is a member of weft_app and weft_engine'),
  DATABASE_DIRECT_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'the same without a pooler, for LISTEN and migrations; set it where DATABASE_URL has one: nothing is prepared there then; default DATABASE_URL',
    ),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233').describe('host:port of the Temporal frontend'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace'),
  TEMPORAL_API_KEY: z.string().optional().describe('API key for Temporal Cloud; turns TLS on'),
  TEMPORAL_UI: z.url().optional().describe('address of the Temporal UI, for links'),
  WEFT_HOST: z.string().default('127.0.0.1').describe('address the API listens on'),
  WEFT_PORT: z.coerce.number().int().min(0).max(65535).default(8700).describe('port the API listens on'),
  WEFT_TASK_QUEUE: z.string().min(1).default(DEFAULT_TASK_QUEUE).describe('Temporal task queue of this installation'),
  WEFT_DEPLOYMENT: z
    .string()
    .min(1)
    .optional()
    .describe('Temporal worker deployment of the workers; turns versioning on, needs WEFT_BUILD_ID'),
  WEFT_BUILD_ID: z
    .string()
    .min(1)
    .optional()
    .describe('build of this worker: executions stay on the one they started on'),
  WEFT_EXECUTORS: z.string().optional().describe('modules that export your own executors, separated by commas'),
  WEFT_LOCAL_ACTIVITIES: z.stringbool().default(true).describe('false runs every task as a normal activity'),
  WEFT_HTTP_ALLOW_PRIVATE: z
    .stringbool()
    .default(false)
    .describe('lets the http executor call private and loopback addresses (the local stack does)'),
  WEFT_HTTP_DENY_PORTS: z
    .string()
    .default('')
    .describe('ports the http executor never calls on loopback, separated by commas'),
  WEFT_BODY_LIMIT: z.coerce.number().int().positive().default(1_048_576).describe('largest request body, bytes'),
  WEFT_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('log level'),
};

const schema = z.object(settings);
export type Config = z.output<typeof schema>;

const clientSettings = {
  WEFT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('address of the API the command line talks to; default the local stack'),
  WEFT_KEY: z.string().min(1).optional().describe("key the command line shows the API; default the local stack's"),
  DATABASE_URL: settings.DATABASE_URL.optional(),
  DATABASE_DIRECT_URL: settings.DATABASE_DIRECT_URL,
  TEMPORAL_ADDRESS: settings.TEMPORAL_ADDRESS.unwrap().optional(),
  TEMPORAL_NAMESPACE: settings.TEMPORAL_NAMESPACE,
  TEMPORAL_API_KEY: settings.TEMPORAL_API_KEY,
  WEFT_TASK_QUEUE: settings.WEFT_TASK_QUEUE,
  WEFT_DEPLOYMENT: settings.WEFT_DEPLOYMENT,
  WEFT_BUILD_ID: settings.WEFT_BUILD_ID,
  WEFT_SERVICE_URL: settings.DATABASE_URL.optional().describe(
    "the API's and the worker's DATABASE_URL: `weft migrate up` makes its login, or gives it this password",
  ),
  WEFT_ADMIN_KEY: z
    .string()
    .min(32)
    .optional()
    .describe('`weft migrate up` lets this key in, for a user `admin` of that role; needs WEFT_SERVICE_URL'),
};

const clientSchema = z.object(clientSettings);
/** What the command line reads: where the API is and, for `sql` and `migrate`, the database and whom to let in. */
export type ClientConfig = z.output<typeof clientSchema>;

/**
 * Reads and checks the settings. Each may be given as `NAME_FILE`, the path of a file that holds the value.
 * @throws Error that lists every bad setting
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return read(schema, env);
}

/**
 * Reads the command line's settings, none of which is required.
 * @throws Error that lists every bad setting
 */
export function readClientConfig(env: NodeJS.ProcessEnv = process.env): ClientConfig {
  return read(clientSchema, env);
}

function read<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv,
): z.output<z.ZodObject<Shape>> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const file = env[`${name}_FILE`];
    const value = file === undefined ? env[name] : readFileSync(file, 'utf8').trim();
    if (value !== undefined && value !== '') values[name] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`These settings are wrong:\n${lines.join('\n')}`);
}

/** Every setting with its description and default, for the README's table and `weft doctor`. */
export function describeSettings(): readonly { name: string; description: string; default: string | undefined }[] {
  return Object.entries({ ...clientSettings, ...settings }).map(([name, field]) => ({
    name,
    description: field.description ?? '',
    default: field instanceof z.ZodDefault ? String(field.def.defaultValue) : undefined,
  }));
}

/** What the local stack and the command line take from the environment beside the settings above. */
export type LocalSettings = {
  /** The `temporal` binary to use; found or installed when missing. */
  readonly temporalCliPath: string | undefined;
  /** The time-skipping test server to use; found or installed when missing. */
  readonly testServerPath: string | undefined;
  /** Where binaries are kept between checkouts. */
  readonly cacheHome: string | undefined;
  /** Replaces the local stack's own PostgreSQL; its login may create roles. */
  readonly databaseUrl: string | undefined;
  /** Replaces the local stack's own Temporal. */
  readonly temporalAddress: string | undefined;
  readonly temporalNamespace: string | undefined;
  readonly temporalUi: string | undefined;
  /** The whole environment, for the processes that the local stack starts. */
  readonly environment: NodeJS.ProcessEnv;
};

/** Reads what only the local stack needs; an empty variable counts as missing. */
export function readLocalSettings(env: NodeJS.ProcessEnv = process.env): LocalSettings {
  const value = (name: string) => (env[name] === '' ? undefined : env[name]);
  return {
    temporalCliPath: value('TEMPORAL_CLI_PATH'),
    testServerPath: value('TEMPORAL_TEST_SERVER_PATH'),
    cacheHome: value('XDG_CACHE_HOME'),
    databaseUrl: value('DATABASE_URL'),
    temporalAddress: value('TEMPORAL_ADDRESS'),
    temporalNamespace: value('TEMPORAL_NAMESPACE'),
    temporalUi: value('TEMPORAL_UI'),
    environment: env,
  };
}

/** What the environment says of the terminal: https://no-color.org, and `TERM=dumb`, where nothing can be drawn over. */
export function readTerminalSettings(env: NodeJS.ProcessEnv = process.env): {
  readonly color: boolean;
  readonly dumb: boolean;
} {
  const dumb = env['TERM'] === 'dumb';
  return { color: !dumb && (env['NO_COLOR'] ?? '') === '', dumb };
}
