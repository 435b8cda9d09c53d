import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/stack/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores carry Temporal, PostgreSQL and the tests: more workers only make each of them slower.
    maxWorkers: 2,
  },
});
