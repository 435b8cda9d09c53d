/** A deliverer as a process of its own: address of the database, of Temporal, namespace, task queue. */
import { createLog } from '../../src/log.ts';
import { createDeliverer } from '../../src/reconcile/deliverer.ts';
import { startLoop } from '../../src/reconcile/loop.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTemporal } from '../../src/temporal/client.ts';

const [url = '', address = '', namespace = '', taskQueue = ''] = process.argv.slice(2);
const database = createDatabase({ url, name: 'events-apart', maxConnections: 2 });
const log = createLog({ name: 'apart', level: 'fatal' });
const work = createDeliverer({ database, temporal: createTemporal({ address, namespace, taskQueue }), log });
const loop = startLoop('events', { everyMs: 1_000, work, log });
database.listen('weft_events', loop.wake);
process.stdout.write('ready\n');
