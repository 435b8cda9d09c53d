import { touchedOutside } from './touched-outside.ts';
import { lastingFaults } from './lasting.ts';
import type { LongFault } from './long-fault.ts';
import { postgresAway } from './postgres-away.ts';
import { temporalKilled } from './temporal-killed.ts';
import { temporalRestored } from './temporal-restored.ts';

/** All long faults; about 35 minutes together. */
export const longFaults: readonly LongFault[] = [
  postgresAway,
  temporalKilled,
  temporalRestored,
  ...lastingFaults,
  touchedOutside,
];
