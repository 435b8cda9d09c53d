// Loaded into every measured process and its threads: SIGURG, which nobody else sends, begins a CPU profile in each of
// them, the next one ends it and writes it as <process>-<thread>.cpuprofile. By `--require`, as `--import` leaves threads
// out on Node 20.
const { createRequire } = process.getBuiltinModule('node:module');
const { writeFileSync } = process.getBuiltinModule('node:fs');
const { Session } = process.getBuiltinModule('node:inspector');
const { join } = process.getBuiltinModule('node:path');
const { threadId } = process.getBuiltinModule('node:worker_threads');

const { onSignal } = createRequire(__filename)('./on-signal.cjs');

const directory = process.env.WEFT_BENCH_PROFILES;
if (directory) {
  let session;
  onSignal('SIGURG', () => {
    if (session === undefined) {
      session = new Session();
      session.connect();
      session.post('Profiler.enable');
      session.post('Profiler.start');
      return;
    }
    session.post('Profiler.stop', (error, result) => {
      if (error) return;
      writeFileSync(join(directory, `${process.pid}-${threadId}.cpuprofile`), JSON.stringify(result.profile));
    });
    session.disconnect();
    session = undefined;
  });
}
