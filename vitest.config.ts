import { defineConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** They compute for a minute or more each, and wait for nothing: at the end one of two workers would idle meanwhile. */
const FIRST = /\/test\/model\/(?:model|mutants)\.test\.ts$/;

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }: TestSpecification): boolean => FIRST.test(moduleId);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/stack/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores carry Temporal, PostgreSQL and the tests: more workers only make each of them slower.
    maxWorkers: 2,
    sequence: { sequencer: LongOnesFirst },
  },
});
