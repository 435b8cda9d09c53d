// Loaded into every measured process and its threads: SIGWINCH, which others ignore, makes all heaps drop what is dead, so
// that what lives can be told. By `--require`, as `--import` leaves threads out on Node 20.
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { runInNewContext } = process.getBuiltinModule('node:vm');
const { isMainThread } = process.getBuiltinModule('node:worker_threads');

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
