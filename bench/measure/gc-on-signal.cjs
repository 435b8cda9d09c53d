// Loaded into every measured process and its threads: SIGWINCH, which others ignore, makes all heaps drop what is dead, so
// that what lives can be told. By `--require`, as `--import` leaves threads out on Node 20.
const { createRequire } = process.getBuiltinModule('node:module');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { runInNewContext } = process.getBuiltinModule('node:vm');

const { onSignal } = createRequire(__filename)('./on-signal.cjs');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
onSignal('SIGWINCH', () => collect());
