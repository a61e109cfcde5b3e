import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPlatformDatabases } from '../support/central-database.js';
import { coreProgram } from '../support/core-program.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { killedAtStatement } from '../support/killed-process.js';
import { commandEnvironment } from '../support/nova-command.js';
import { startNova, type Nova } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const SUBSCRIPTIONS = 1_000;
/** What is billed between the kills. */
const PART = 200;
const WITHIN_MS = 120_000;
/** No statement comes so late. */
const NEVER = 1_000_000;

const IMPORTS = [
  "import { writeFileSync } from 'node:fs';",
  "import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';",
  "import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';",
];

/** A PostgreSQL of this file's own, with fsync as in production, since it is going to be killed. */
let dataDir: string;
let postgres: EmbeddedPostgres;
let nova: Nova;
let worker: WorkerProcess | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-kills-'));
  postgres = await startEmbeddedPostgres({ dataDir });
  const databases = await createPlatformDatabases(postgres.superuserUrl);
  nova = await startNova({ databases, processors: 'none', env: { REDIS_URL: '' } });
});

afterAll(async () => {
  await worker?.kill();
  await nova.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Bills what is due of a tenant in a process of its own, which dies at a statement. Answers whether it died. */
function killRun(
  { tenant }: DueSubscriptions,
  {
    statement,
    periodsMax = SUBSCRIPTIONS,
    countAt = '/dev/null',
  }: { statement: number; periodsMax?: number; countAt?: string },
): Promise<boolean> {
  const owner = {
    tenantId: tenant.tenantId,
    mode: 'test',
    actor: { type: 'system', id: 'spec' },
    requestId: null,
  };
  const call = `app.get(TenantContexts, { strict: false })
    .run(${JSON.stringify(owner)}, (ctx) => runBilling(ctx, { periodsMax: ${periodsMax} }))
    .then(() => writeFileSync(${JSON.stringify(countAt)}, String(sent)))`;
  const env = { ...commandEnvironment(nova), LOG_LEVEL: 'silent' };
  return killedAtStatement(statement, coreProgram(IMPORTS, call), env);
}

/** How many statements a run of one batch takes: as many for one subscription as for hundreds. */
async function statementsOfBatch(): Promise<number> {
  const few = await DueSubscriptions.of(nova, postgres.superuserUrl);
  await few.makeDue(1);
  const countAt = `${dataDir}.count`;
  expect(await killRun(few, { statement: NEVER, countAt }), 'a run that nobody kills').toBe(false);
  expect((await few.progress()).invoices).toBe(1);
  await few.close();
  const count = Number(await readFile(countAt, 'utf8'));
  await rm(countAt);
  return count;
}

const invoicesOf = async (subscriptions: DueSubscriptions) => (await subscriptions.progress()).invoices;

function untilBilled(subscriptions: DueSubscriptions): Promise<void> {
  return eventually(async () => expect(await invoicesOf(subscriptions)).toBe(SUBSCRIPTIONS), {
    withinMs: WITHIN_MS,
  });
}

async function connect({ tenant }: DueSubscriptions) {
  const database = await connectTo(
    await tenantDatabaseUrl(nova.databases, tenant.tenantId, 'test', postgres.superuserUrl),
  );
  // PostgreSQL is killed under it.
  database.on('error', () => undefined);
  return database;
}

async function expectExactlyOneInvoiceEach(subscriptions: DueSubscriptions): Promise<void> {
  const database = await connect(subscriptions);
  const { rows } = await database.query(
    `SELECT count(*)::int AS invoices, count(DISTINCT subscription_id)::int AS subscriptions,
       min(sequence)::int AS first, max(sequence)::int AS last, count(DISTINCT sequence)::int AS numbers,
       min(total)::int AS least, max(total)::int AS most, count(*) FILTER (WHERE status = 'draft')::int AS drafts,
       (SELECT count(*)::int FROM invoice_lines) AS lines,
       (SELECT count(*)::int FROM billing_periods WHERE invoice_id IS NOT NULL) AS claims,
       (SELECT count(*)::int FROM subscriptions WHERE next_billing_at <= now()) AS due
     FROM invoices`,
  );
  await database.end();
  const [{ least, ...found }] = rows;
  expect(found).toEqual({
    invoices: SUBSCRIPTIONS,
    subscriptions: SUBSCRIPTIONS,
    first: 1,
    last: SUBSCRIPTIONS,
    numbers: SUBSCRIPTIONS,
    most: least,
    drafts: 0,
    lines: SUBSCRIPTIONS,
    claims: SUBSCRIPTIONS,
    due: 0,
  });
}

describe('a billing run of 1,000 subscriptions', () => {
  it('leaves exactly 1,000 right invoices when it is killed at ten random points', async () => {
    const perBatch = await statementsOfBatch();
    const subscriptions = await DueSubscriptions.of(nova, postgres.superuserUrl);
    await subscriptions.makeDue(SUBSCRIPTIONS);
    const within = () => 1 + Math.floor(Math.random() * perBatch * 0.8);
    const killTimes = async (times: number, billed: number) => {
      for (let kill = 1; kill <= times; kill++) {
        const statement = within();
        const killed = await killRun(subscriptions, { statement });
        expect(killed, `killed at statement ${statement}, where a batch has ${perBatch}`).toBe(true);
        // A batch is there as a whole or not at all.
        expect(await invoicesOf(subscriptions)).toBe(billed);
      }
    };
    await killTimes(5, 0);
    await killRun(subscriptions, { statement: NEVER, periodsMax: PART });
    await killTimes(5, PART);
    worker = spawnWorker(nova.config);
    await untilBilled(subscriptions);
    await expectExactlyOneInvoiceEach(subscriptions);
    await subscriptions.close();
  });

  it('comes out exactly right when PostgreSQL is killed in the middle, with the worker living on', async () => {
    const subscriptions = await DueSubscriptions.of(nova, postgres.superuserUrl);
    const watcher = await connect(subscriptions);
    worker ??= spawnWorker(nova.config);
    await subscriptions.makeDue(SUBSCRIPTIONS);
    await subscriptions.close();
    await eventually(
      async () => {
        const { rows } = await watcher.query(
          `SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
           WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND c.relname = 'billing_periods' AND l.mode = 'RowExclusiveLock'`,
        );
        expect(rows, 'a batch that is being written').not.toHaveLength(0);
      },
      { withinMs: WITHIN_MS },
    );
    process.kill(postgres.pid, 'SIGKILL');
    await watcher.end().catch(() => undefined);
    postgres = await startEmbeddedPostgres({ dataDir, port: postgres.port });
    const database = await connect(subscriptions);
    const count = async () => {
      const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM invoices');
      return rows[0]?.count;
    };
    expect(await count(), 'killed in the middle').toBeLessThan(SUBSCRIPTIONS);
    await eventually(async () => expect(await count()).toBe(SUBSCRIPTIONS), { withinMs: WITHIN_MS });
    await database.end();
    await expectExactlyOneInvoiceEach(subscriptions);
    expect(worker.exited(), 'the worker never ended').toBe(false);
  });
});
