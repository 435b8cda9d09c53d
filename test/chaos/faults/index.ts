import type { Fault } from '../fault.ts';
import { networkFaults } from './network.ts';
import { outsideFaults } from './outside.ts';
import { processFaults } from './processes.ts';
import { serverFaults } from './servers.ts';

/** All kinds of faults. */
export const faults: readonly Fault[] = [...processFaults, ...serverFaults, ...networkFaults, ...outsideFaults];
