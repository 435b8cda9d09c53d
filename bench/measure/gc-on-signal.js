// Loaded into every measured process: SIGWINCH (which others ignore) makes all its heaps drop what is dead, so that what lives can be told.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const channel = new BroadcastChannel('weft-bench-gc');
channel.onmessage = () => collect();
channel.unref();
if (isMainThread) {
  process.on('SIGWINCH', () => {
    channel.postMessage('');
    collect();
  });
}
