import { randomBytes } from 'node:crypto';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '@nova/api/create-api.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { rateLimitSettings } from '@nova/core/platform/config/rate-limit-settings.js';
import { WebhookDispatcher } from '@nova/core/features/webhooks/dispatch/webhook-dispatcher.js';
import { MailCatcher } from '@nova/core/platform/mail/mail-catcher.js';
import { Queues } from '@nova/core/platform/queues/queues.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { Housekeeper } from '@nova/core/tenancy/housekeeping/housekeeper.js';
import { TenantWrites } from '@nova/core/tenancy/context/tenant-writes.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import { clusterNames } from '@nova/core/tenancy/servers/cluster-names.js';
import { inject } from 'vitest';

import { Api, expectStatus } from './api.js';
import { createPlatformDatabases, type PlatformDatabases } from './central-database.js';
import { installPoolerLookUp } from './pooler.js';

/** A tenant as its founder has it after registering. */
export interface TestTenant {
  tenantId: string;
  userId: string;
  email: string;
  password: string;
  accessToken: string;
  refreshToken: string;
  testKey: string;
  /** With the test key. */
  api: Api;
  /** With the founder's access token. */
  user: Api;
}

/** A platform of its own: api and worker in this process, real PostgreSQL, real queues, a real SMTP catcher. */
export interface Nova {
  url: string;
  app: NestFastifyApplication;
  config: Config;
  mail: MailCatcher;
  databases: PlatformDatabases;
  anonymous: Api;
  as(token: string): Api;
  /** Registers a tenant over HTTP. */
  tenant(input?: Record<string, unknown>): Promise<TestTenant>;
  /** Waits until nothing is written, relayed, due, queued or worked on any more. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Environment variables over the tests' own. */
  env?: Record<string, string>;
  processors?: 'none' | 'all';
  /** Any that is free unless given. */
  port?: number;
  /** Boots on the databases of a platform that was stopped, to test a restart. */
  databases?: PlatformDatabases;
}

/** Suites send more than people do, all from one address. What is about limits sets small ones. */
const GENEROUS_LIMITS = Object.fromEntries(
  Object.keys(rateLimitSettings).map((name) => [name, '1000000/60']),
);

/** The environment of a platform under test, as `.env` would have it. */
export function testEnvironment(databases: PlatformDatabases, smtpUrl: string): Record<string, string> {
  const redisUrl = inject('redisUrl');
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
    CENTRAL_DATABASE_URL: databases.centralUrl,
    INTERNAL_POSTGRES_URL: databases.adminUrl,
    TENANT_POOLER_URL: inject('poolerAddress'),
    // Each worker of the test runner has a Redis database of its own.
    ...(redisUrl ? { REDIS_URL: `${redisUrl}/${process.env['VITEST_POOL_ID'] ?? '1'}` } : {}),
    JWT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    SMTP_URL: smtpUrl,
    BCRYPT_COST: '4',
    SCHEDULER_TICK_MS: '200',
    // What is about the platform's own books switches them on: the others count tenants, databases and jobs.
    PLATFORM_BILLING: 'off',
    ...GENEROUS_LIMITS,
  };
}

/** Boots the platform; call `stop()` in `afterAll`. */
export async function startNova(options: StartOptions = {}): Promise<Nova> {
  const databases = options.databases ?? (await createPlatformDatabases(inject('postgresUrl')));
  const mail = await MailCatcher.start({ smtpPort: 0 });
  const config = loadConfig({ ...testEnvironment(databases, mail.smtpUrl), ...options.env });
  await preparePlatform(config);
  if (inject('poolerAddress') !== '') {
    await installPoolerLookUp(inject('postgresUrl'), clusterNames(config.centralDatabaseUrl).template);
  }
  const app = await createApi(config, { processors: options.processors ?? 'all' });
  await app.listen(options.port ?? 0, '127.0.0.1');
  if (options.processors !== 'none') await app.get(Housekeeper, { strict: false }).started;
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const anonymous = new Api(url, null);
  return {
    url,
    app,
    config,
    mail,
    databases,
    anonymous,
    as: (token) => new Api(url, token),
    tenant: (input) => registerTestTenant(url, input),
    settle: () => settle(app),
    stop: async () => {
      await app.close();
      await mail.close();
      if (!options.databases) await databases.drop();
    },
  };
}

async function registerTestTenant(url: string, input: Record<string, unknown> = {}): Promise<TestTenant> {
  const unique = randomBytes(4).toString('hex');
  const registration = {
    email: `founder-${unique}@acme.example`,
    password: `correct horse ${unique}`,
    name: 'Ada Founder',
    company: `Acme ${unique}`,
    ...input,
  };
  const body = expectStatus(await new Api(url, null).post('/auth/register', registration), 201);
  return {
    tenantId: body.tenant.id,
    userId: body.user.id,
    email: registration.email,
    password: registration.password,
    accessToken: body.accessToken,
    refreshToken: body.refreshToken,
    testKey: body.apiKey.key,
    api: new Api(url, body.apiKey.key),
    user: new Api(url, body.accessToken),
  };
}

/** What has come due, and no tick of the scheduler has found yet. */
const UNFOUND_WORK = `
  SELECT count(*)::int AS n FROM due_work w
  JOIN tenant_databases d ON d.id = w.tenant_database_id JOIN tenants t ON t.id = d.tenant_id
  WHERE w.due_at <= now() AND (w.claimed_until IS NULL OR w.claimed_until <= now())
    AND d.status = 'active' AND t.status = 'active' AND t.maintenance_reason IS NULL`;

/** Idle is believed when it was seen twice in a row: a job may be on its way between two places. */
async function settle(app: NestFastifyApplication): Promise<void> {
  const { pool } = app.get(CentralDatabase, { strict: false });
  const writes = app.get(TenantWrites, { strict: false });
  const webhooks = app.get(WebhookDispatcher, { strict: false });
  const { all } = await app.get(Queues, { strict: false }).open();
  const queues = [...all.values()];
  const deadline = performance.now() + 30_000;
  let idleSeen = 0;
  while (idleSeen < 2) {
    await webhooks.idle();
    await writes.settled();
    const counts = await Promise.all(
      queues.map((q) => q.getJobCountByTypes('waiting', 'active', 'prioritized')),
    );
    const { rows } = await pool.query<{ n: number }>(UNFOUND_WORK);
    counts.push(rows[0]?.n ?? 0);
    idleSeen = counts.every((count) => count === 0) ? idleSeen + 1 : 0;
    if (performance.now() > deadline) throw new Error(`The queues did not settle: ${counts.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
