import 'reflect-metadata';

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '@nova/core/platform/config/config.module.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { LogModule } from '@nova/core/platform/log/log.module.js';
import { JOBS, type JobName, QUEUES, type QueueName } from '@nova/core/platform/queues/catalogue.js';
import { migrateQueueSchema } from '@nova/core/platform/queues/migrate-queue-schema.js';
import type { OpenedQueues } from '@nova/core/platform/queues/open-queues.js';
import { Queues } from '@nova/core/platform/queues/queues.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { TenantWrites } from '@nova/core/tenancy/context/tenant-writes.js';
import { DUE_KINDS, type DueKind } from '@nova/core/tenancy/due-work/due-kinds.js';
import { DueSources, type FirstDue } from '@nova/core/tenancy/due-work/due-sources.js';
import { JobHandlers } from '@nova/core/tenancy/jobs/job-handlers.js';
import { ProcessorsModule } from '@nova/core/tenancy/jobs/processors.module.js';
import type { KeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { prepareKeys } from '@nova/core/tenancy/keys/prepare-keys.js';
import { withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
import type { Mode, TenantContext } from '@nova/core/tenancy/tenant-context.js';
import type { Queue } from 'bullmq';
import pg from 'pg';
import { inject } from 'vitest';

import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { installPoolerLookUp } from '../support/pooler.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SECRETS = { JWT_SECRET: 'j'.repeat(40), ENCRYPTION_KEY: '5a'.repeat(32) };

export const POSTGRES_URL = inject('postgresUrl');
const REDIS_URL = inject('redisUrl');
const POOLER_ADDRESS = inject('poolerAddress');

/** What the test's jobs do; one that is not given does nothing. */
export type Handlers = Partial<Record<JobName, (ctx: TenantContext, payload: object) => Promise<void>>>;

export interface TestDatabase {
  tenantId: string;
  databaseId: string;
  mode: Mode;
  url: string;
}

/** The databases of one tenancy under test: central, and tenants as they are added. Apps are booted on them. */
export class TenancyBench {
  private readonly apps: BootedTenancy[] = [];
  private template: Promise<string> | null = null;
  readonly config: Config;
  readonly central: pg.Pool;

  private constructor(
    private readonly superuserUrl: string,
    private readonly databases: PlatformDatabases,
    env: Record<string, string>,
  ) {
    this.config = loadConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      CENTRAL_DATABASE_URL: databases.centralUrl,
      INTERNAL_POSTGRES_URL: databases.adminUrl,
      SCHEDULER_TICK_MS: '50',
      ...(REDIS_URL ? { REDIS_URL: `${REDIS_URL}/${process.env['VITEST_POOL_ID'] ?? '1'}` } : {}),
      ...SECRETS,
      ...env,
    });
    this.central = new pg.Pool({ connectionString: databases.centralUrl, max: 3 });
    this.central.on('error', () => {});
  }

  /** On the server that all tests share, unless a test has one of its own to break. */
  static async create(superuserUrl = POSTGRES_URL, env: Record<string, string> = {}): Promise<TenancyBench> {
    const databases = await createPlatformDatabases(superuserUrl);
    const bench = new TenancyBench(superuserUrl, databases, env);
    const { hostname, port } = new URL(superuserUrl);
    await applyMigrations(databases.centralUrl, 'prisma-central');
    await migrateQueueSchema(bench.config);
    await bench.keys();
    // A server of the test's own has no pooler in front of it.
    const [poolerHost, poolerPort] = superuserUrl === POSTGRES_URL ? POOLER_ADDRESS.split(':') : [];
    await bench.central.query(
      `INSERT INTO database_servers (id, name, host, port, admin_url_sealed, pooler_host, pooler_port)
       VALUES ('srv_1', 'one', $1, $2, '-', NULLIF($3, ''), $4)`,
      [hostname, Number(port), poolerHost ?? '', poolerPort ? Number(poolerPort) : null],
    );
    return bench;
  }

  /** An active tenant with one database, on which the table `due_items` says what is due. */
  async addTenant(mode: Mode = 'live'): Promise<TestDatabase> {
    const tenantId = newId('ten');
    const databaseId = newId('tdb');
    const url = await this.createDatabase(databaseId);
    const role = decodeURIComponent(url.username);
    await this.central.query(
      `INSERT INTO tenants (id, slug, name, status) VALUES ($1, $1, 'Acme', 'active')`,
      [tenantId],
    );
    await this.central.query(
      `INSERT INTO tenant_databases
         (id, tenant_id, mode, server_id, database_name, role_name, password_sealed, status, schema_version)
       VALUES ($1, $2, $3, 'srv_1', $4, $5, $6, 'active', $7)`,
      [
        databaseId,
        tenantId,
        mode,
        url.pathname.slice(1),
        role,
        await (await this.keys()).seal(decodeURIComponent(url.password), tenantId),
        await newestMigration('prisma-tenant'),
      ],
    );
    return { tenantId, databaseId, mode, url: url.href };
  }

  /** Boots what a process of the platform has of tenancy. */
  async boot(
    options: { handlers?: Handlers; processors?: boolean; config?: Partial<Config> } = {},
  ): Promise<BootedTenancy> {
    const module = TestModule.of(
      { ...this.config, ...options.config },
      options.handlers ?? {},
      options.processors ?? false,
    );
    const app = await NestFactory.createApplicationContext(module, { abortOnError: false, logger: false });
    const booted = new BootedTenancy(app, await app.get(Queues).open());
    this.apps.push(booted);
    return booted;
  }

  /** Ends what a test has booted and, because it failed, not ended itself: it would do the work of the next. */
  async closeAllBut(kept: BootedTenancy): Promise<void> {
    for (const app of this.apps) if (app !== kept) await app.close();
  }

  async drop(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.central.end();
    await this.databases.drop();
  }

  /** The platform's keys, made when there are none. */
  private keys(): Promise<KeyRing> {
    return withCentralClient(this.config, (central) => prepareKeys(central, this.config));
  }

  private async createDatabase(id: string): Promise<URL> {
    this.template ??= this.makeTemplate();
    const url = await this.emptyDatabase(id, await this.template);
    if (POOLER_ADDRESS !== '' && this.superuserUrl === POSTGRES_URL) {
      await installPoolerLookUp(this.superuserUrl, id);
    }
    return url;
  }

  /** What all tenants' databases are copied from: migrations take longer than a copy. */
  private async makeTemplate(): Promise<string> {
    const name = newId('tdb');
    const { href } = await this.emptyDatabase(name, 'template1');
    await applyMigrations(href, 'prisma-tenant');
    await query(href, 'CREATE TABLE due_items (id serial PRIMARY KEY, kind text, due_at timestamptz)');
    return name;
  }

  private async emptyDatabase(name: string, template: string): Promise<URL> {
    const url = new URL(this.databases.centralUrl);
    const owner = decodeURIComponent(url.username);
    await asSuperuser(this.superuserUrl, (client) =>
      client.query(`CREATE DATABASE ${name} OWNER ${owner} TEMPLATE ${template}`),
    );
    url.pathname = `/${name}`;
    return url;
  }
}

/** One booted process's worth of tenancy. */
export class BootedTenancy {
  private closed = false;

  constructor(
    readonly app: INestApplicationContext,
    private readonly queues: OpenedQueues,
  ) {}

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get(token as never, { strict: false });
  }

  queue(name: QueueName): Queue {
    return this.queues.of(name);
  }

  get contexts(): TenantContexts {
    return this.get(TenantContexts);
  }

  /** Runs `work` in a context of the tenant, as a request would. */
  run<T>({ tenantId, mode }: TestDatabase, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
    return this.contexts.run(
      { tenantId, mode, actor: { type: 'system', id: 'test' }, requestId: null },
      work,
    );
  }

  settled(): Promise<void> {
    return this.get(TenantWrites).settled();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.app.close();
  }
}

@Module({})
class TestModule {
  static of(config: Config, handlers: Handlers, processors: boolean): DynamicModule {
    return {
      module: TestModule,
      imports: [
        ConfigModule.forRoot(config),
        LogModule.forRoot(createLogger(config)),
        TenancyModule,
        TestFeatures.of(handlers),
        ...(processors ? [ProcessorsModule] : []),
      ],
    };
  }
}

@Module({})
class TestFeatures {
  static of(handlers: Handlers): DynamicModule {
    const register = (jobs: JobHandlers, sources: DueSources) => {
      for (const name of Object.keys(JOBS) as JobName[]) {
        jobs.register(name, async (ctx, payload) => handlers[name]?.(ctx, payload));
      }
      for (const kind of Object.keys(DUE_KINDS) as DueKind[]) {
        sources.register(kind, async (db) => {
          const [first] = await db.$queryRaw<FirstDue[]>`
            SELECT due_at AS at, id::text AS id FROM due_items WHERE kind = ${kind} ORDER BY due_at, id LIMIT 1`;
          return first ?? null;
        });
      }
      return true;
    };
    return {
      module: TestFeatures,
      providers: [{ provide: 'registered', useFactory: register, inject: [JobHandlers, DueSources] }],
    };
  }
}

/** Runs one statement on a connection of its own. */
export async function query<R extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<R>(text, values);
    return rows;
  } finally {
    await client.end();
  }
}

/** Waits until `check` is true, for at most `limitMs`: as long as a busy machine may take. */
export async function eventually(
  check: () => Promise<boolean> | boolean,
  what = 'it is so',
  limitMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Empties the queues of this run's Redis database; PostgreSQL's go with the central database. */
export async function emptyQueues(booted: BootedTenancy): Promise<void> {
  for (const name of Object.keys(QUEUES) as QueueName[]) await booted.queue(name).obliterate({ force: true });
}

async function applyMigrations(url: string, schema: string): Promise<void> {
  const folder = path.join(ROOT, schema, 'migrations');
  for (const name of await migrationNames(schema)) {
    await query(url, await readFile(path.join(folder, name, 'migration.sql'), 'utf8'));
  }
}

async function newestMigration(schema: string): Promise<string | undefined> {
  return (await migrationNames(schema)).at(-1);
}

async function migrationNames(schema: string): Promise<string[]> {
  const entries = await readdir(path.join(ROOT, schema, 'migrations'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
