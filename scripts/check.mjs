// `npm run check`: everything that can be said about the code without a server. All of it runs, then the verdict.
// `npm run check -- --without-tests` leaves out the tests, for those who run `npm test` next, which has them too.
import path from 'node:path';

import { capture, root } from './run-command.mjs';
import { ensureReady } from './setup.mjs';
import { explain, say, step, StepError } from './steps.mjs';

const bin = (name) => path.join(root, 'node_modules', name);

const UNIT_TESTS = {
  title: 'Unit and architecture tests (vitest)',
  command: [bin('vitest/vitest.mjs'), 'run', '--config=test/vitest.config.ts', '--project=unit', '--silent'],
  remedy: 'npm run test:unit shows them as they run.',
};
/** The longest first. */
const CHECKS = [
  ...(process.argv.includes('--without-tests') ? [] : [UNIT_TESTS]),
  {
    title: 'Format (prettier)',
    command: [bin('prettier/bin/prettier.cjs'), '--check', '.', '--log-level=warn'],
    remedy: 'npm run format',
  },
  {
    title: 'Lint (oxlint, with types)',
    command: [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings'],
    remedy: 'mend what the linter names; `npm run lint -- --fix` does some of it.',
  },
  {
    title: 'Unused code and dependencies (knip)',
    command: [bin('knip/bin/knip.js'), '--config', '.knip.json', '--no-progress'],
    remedy: 'remove what nothing uses, or use it.',
  },
  {
    title: 'Types (tsc -b)',
    command: [bin('typescript/bin/tsc'), '-b', 'apps/api', 'apps/worker', 'apps/cli', 'test'],
    remedy: 'mend what the compiler names.',
  },
];

const failures = [];
try {
  await ensureReady({ quietWhenFresh: true });
  const waiting = [...CHECKS];
  // Two at a time: the longest ones work on one core each.
  await Promise.all([performAll(waiting), performAll(waiting)]);
} catch (error) {
  failures.push(error);
}
failures.forEach(explain);
say(
  failures.length === 0 ? '\nAll checks passed.' : `\n${failures.length} of ${CHECKS.length} checks failed.`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Performs what others have left, one check after another. */
async function performAll(waiting) {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const { title } = check;
    await step(title, () => perform(check)).catch((error) => failures.push(error));
  }
}

async function perform({ title, command, remedy }) {
  const { code, output } = await capture(process.execPath, command);
  if (code !== 0) throw new StepError(`${title} failed.`, remedy, output);
}
