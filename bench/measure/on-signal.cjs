// A signal to a process reaches its main thread alone: this hands it on to all of its threads.
const { isMainThread } = process.getBuiltinModule('node:worker_threads');

/** Does `act` in this thread whenever the process gets the signal; to be called in each of its threads. */
exports.onSignal = (signal, act) => {
  const channel = new BroadcastChannel(`weft-bench-${signal}`);
  channel.onmessage = act;
  channel.unref();
  if (!isMainThread) return;
  process.on(signal, () => {
    channel.postMessage('');
    act();
  });
};
