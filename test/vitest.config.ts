import path from 'node:path';

import { defineConfig } from 'vitest/config';

const root = path.resolve(import.meta.dirname, '..');
const SECOND_MS = 1_000;

/** What needs servers: `global-setup.ts` starts them once for all projects that need them. */
function onServers(name: string, testTimeout: number) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.spec.ts`],
      globalSetup: ['test/support/global-setup.ts'],
      testTimeout,
      hookTimeout: 180 * SECOND_MS,
    },
  };
}

export default defineConfig({
  root,
  resolve: {
    // Tests see the sources, so that a change needs no build and coverage counts what was written.
    alias: [{ find: /^@nova\/(core|api|worker|cli)\/(.*)\.js$/, replacement: `${root}/apps/$1/src/$2.ts` }],
  },
  test: {
    // Two cores are what a small build machine has, and many a test waits: for a lock to expire, a process to start.
    maxWorkers: 3,
    // Files share a process, one after another: to load the platform anew for each took as long as a quarter of the tests.
    // So a file puts back what it replaces; databases, queues and folders are its own anyway.
    isolate: false,
    // A test that passes at the second try is a failing test.
    retry: 0,
    teardownTimeout: 30 * SECOND_MS,
    // What never comes is found out by this; a test whose matter is how soon something comes says so itself.
    expect: { poll: { timeout: 30 * SECOND_MS } },
    coverage: {
      provider: 'v8',
      include: ['apps/*/src/**/*.ts'],
      exclude: ['**/*.spec.ts', 'apps/*/src/main.ts'],
      reportsDirectory: 'coverage',
      reporter: ['text-summary', 'html', 'lcov'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['apps/*/src/**/*.spec.ts', 'test/architecture/**/*.spec.ts', 'test/fakes/**/*.spec.ts'],
          testTimeout: 20 * SECOND_MS,
          expect: { poll: { timeout: 10 * SECOND_MS } },
        },
      },
      onServers('integration', 60 * SECOND_MS),
      onServers('scenarios', 180 * SECOND_MS),
      onServers('e2e', 300 * SECOND_MS),
      // Not part of `npm test`: they take many databases, or minutes. `npm run test:faults` runs them.
      onServers('faults', 900 * SECOND_MS),
    ],
  },
});
