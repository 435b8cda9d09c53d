import type { PlantedBug } from '../planted-bug.ts';
import { messageBugs } from './messages.ts';
import { mirrorBugs } from './mirror.ts';
import { reconcileBugs } from './reconcile.ts';

/** All of them. */
export const bugs: readonly PlantedBug[] = [...mirrorBugs, ...reconcileBugs, ...messageBugs];
