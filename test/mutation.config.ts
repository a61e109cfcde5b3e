import path from 'node:path';

import { defineConfig } from 'vitest/config';

/**
 * The tests that mutants are run against by `npm run test:mutation`: the unit specs beside what is mutated, and nothing
 * that needs a server. Stryker runs them in a copy of the folders they need.
 */
export default defineConfig({
  root: path.resolve(import.meta.dirname, '..'),
  test: {
    include: [`apps/core/src/domain/${process.env.MUTATED ?? '**/*'}.spec.ts`],
    setupFiles: ['test/support/fixed-seed.ts'],
    maxWorkers: 1,
    isolate: false,
    retry: 0,
    testTimeout: 20_000,
  },
});
