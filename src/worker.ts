/** The worker process. Composition only. */
import { setFlagsFromString } from 'node:v8';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { loadExecutors } from '../activities/catalog.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { startWorker } from './start-worker.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

// V8 lets a heap grow to four times of what lives in it; a worker's, of which most is dead after one workflow task, to
// three. One and a half would halve its memory, and have V8 collect so often that a wide execution costs an eighth more.
setFlagsFromString('--heap-growing-percent=200');
const config = readConfig();
const log = createLog({ name: 'weft-worker', level: config.WEFT_LOG_LEVEL });
Runtime.install({
  logger: new DefaultLogger(log.isLevelEnabled('debug') ? 'DEBUG' : 'INFO', ({ level, message, meta }) => {
    // Failing attempts are in the mirror, where they belong; their messages may be long.
    log[message === 'Activity failed' ? 'debug' : LEVELS[level]](meta ?? {}, message);
  }),
});

const modules = (config.WEFT_EXECUTORS ?? '').split(',').map((name) => name.trim());
const executors = await loadExecutors(modules.filter((name) => name !== ''));
const worker = await startWorker({ config, executors, log });
process.stdout.write('worker ready\n');
await worker.done;
// Nothing is left to do, whatever a custom executor left open.
process.exit(0);
