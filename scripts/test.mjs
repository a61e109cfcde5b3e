// `npm test`: makes the clone ready, runs the tests, then the integration tests once more with the queues on Redis and
// the tenants' connections through PgBouncer, as far as the machine has them and the tests have to do with either.
// `node scripts/test.mjs [unit|integration|scenarios|e2e|faults …] [--coverage] [other arguments of vitest]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { sameOnOtherServers } from './other-servers.mjs';
import { pgbouncerMissing } from './pgbouncer.mjs';
import { startRedis } from './redis.mjs';
import { root, run } from './run-command.mjs';
import { ensureReady } from './setup.mjs';
import { explain, say } from './steps.mjs';
import { TestTotals } from './test-report.mjs';

/** What `npm test` runs. `faults` takes too long for every run and has to be named. */
const EVERY_RUN = ['unit', 'integration', 'scenarios', 'e2e'];
const PROJECTS = [...EVERY_RUN, 'faults'];
const args = process.argv.slice(2);
const chosen = PROJECTS.filter((name) => args.includes(name));
const rest = args.filter((arg) => !PROJECTS.includes(arg));
const totals = new TestTotals();

try {
  await ensureReady({ quietWhenFresh: true });
  await vitest('first run', chosen.length > 0 ? chosen : EVERY_RUN, rest);
  const filtered = rest.some((arg) => !arg.startsWith('-'));
  if (!filtered && (chosen.length === 0 || chosen.includes('integration'))) await integrationOnOtherServers();
} catch (error) {
  explain(error);
  totals.addFailure('npm test', error);
}
// The end of the output is what is kept of it, and looked at first.
say(`\n${totals.describeFailures()}`);
console.log(totals.summary());
process.exitCode = totals.failed > 0 ? 1 : 0;

/** The second run has both at once, so that it takes no third one, and leaves out what would come out the same. */
async function integrationOnOtherServers() {
  if (process.env.TEST_REDIS_URL || process.env.TEST_POOLER) return;
  const redis = await startRedis();
  if (!redis.url) say(`\nThe integration tests are not run on Redis: ${redis.reason}`);
  const noPooler = pgbouncerMissing();
  if (noPooler) say(`\nThe integration tests are not run through PgBouncer: ${noPooler}`);
  if (!redis.url && noPooler) return;
  const servers = [redis.url && 'the queues on Redis', !noPooler && 'tenants through PgBouncer'];
  const pass = `integration once more, ${servers.filter(Boolean).join(' and ')}`;
  say(`\nNow ${pass}`);
  try {
    await vitest(
      pass,
      ['integration'],
      [
        ...rest.filter((arg) => arg !== '--coverage'),
        ...sameOnOtherServers().map((file) => `--exclude=${file}`),
      ],
      {
        ...(redis.url ? { TEST_REDIS_URL: redis.url } : {}),
        ...(noPooler ? {} : { TEST_POOLER: 'pgbouncer' }),
      },
    );
  } finally {
    if (redis.url) await redis.stop();
  }
}

/** Runs vitest on this terminal and adds its figures to the total. */
async function vitest(pass, projects, extra, env = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'nova-report-'));
  const report = path.join(folder, 'report.json');
  const code = await run(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config=test/vitest.config.ts',
      ...projects.map((name) => `--project=${name}`),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--passWithNoTests',
      ...extra,
    ],
    env,
  );
  totals.add({ report, root, pass, code });
  rmSync(folder, { recursive: true, force: true });
}
