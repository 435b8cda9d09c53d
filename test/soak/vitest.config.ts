import { defineConfig } from 'vitest/config';

/** What takes longer than a test should. */
export default defineConfig({
  test: {
    root: '.',
    include: ['test/soak/**/*.soak.ts'],
    globalSetup: ['test/stack/global-setup.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
  },
});
