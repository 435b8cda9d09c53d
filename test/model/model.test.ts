import { expect, inject, it } from 'vitest';
import { compareMany } from './compare-many.ts';

const PROGRAMS = 5_000;
/** Of each type, so that none is left out. */
const LEAST = 300;
const TYPES = [
  ...['executor', 'set', 'condition', 'switch', 'sequential', 'parallel', 'foreach', 'loop', 'try'],
  ...['wait', 'event', 'emit', 'approval', 'sub_workflow', 'fail', 'end'],
];

it('does with random programs what the model does', { timeout: 600_000 }, async () => {
  const seed = inject('modelSeed');
  console.log(`${PROGRAMS} programs from WEFT_MODEL_SEED=${seed}`);
  const { counts, failures } = await compareMany({ seed, count: PROGRAMS });
  console.log(JSON.stringify(counts));
  expect(failures.join('\n\n')).toBe('');
  expect(TYPES.filter((type) => (counts[type] ?? 0) < LEAST)).toEqual([]);
});
