/** Run as a process of its own: starts PostgreSQL, says where, and stays, or stops it again when asked to. */
import { startPostgres } from '../../src/dev/postgres.ts';

const [dataDirectory = '', then] = process.argv.slice(2);
const { pid, url, stop } = await startPostgres({ dataDirectory, port: 0, durable: false });
process.stdout.write(JSON.stringify({ pid, url }));
if (then === 'stop') {
  await stop();
  process.stdout.write('stopped');
} else {
  setInterval(() => undefined, 1000);
}
