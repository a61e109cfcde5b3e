import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmbeddedPostgres } from '@nova/core/platform/embedded/embedded-postgres.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { rateLimitSettings } from '@nova/core/platform/config/rate-limit-settings.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import pg from 'pg';

import { createPlatformDatabases } from '../support/central-database.js';
import { REPOSITORY } from '../support/source-files.js';

/** A prepared platform on a PostgreSQL of its own, durable as in production; nothing is started on it yet. */
export interface BenchPlatform {
  config: Config;
  environment: Record<string, string>;
  superuserUrl: string;
  stop(): Promise<void>;
}

/** One key sends more than any customer's would. It is counted all the same: that is part of what a request costs. */
const LIMITS_OUT_OF_REACH = Object.fromEntries(
  Object.keys(rateLimitSettings).map((name) => [name, '1000000/60']),
);

export async function startBenchPlatform(): Promise<BenchPlatform> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'nova-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const databases = await createPlatformDatabases(postgres.superuserUrl);
  const environment = {
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    PORT: String(await freePort()),
    PUBLIC_URL: 'http://127.0.0.1',
    SMTP_URL: 'smtp://127.0.0.1:9',
    CENTRAL_DATABASE_URL: databases.centralUrl,
    INTERNAL_POSTGRES_URL: databases.adminUrl,
    JWT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    ...LIMITS_OUT_OF_REACH,
  };
  const config = loadConfig(environment);
  await preparePlatform(config);
  return {
    config,
    environment,
    superuserUrl: postgres.superuserUrl,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a built program as a process of its own and waits until `url` answers. */
export async function startProgram(
  file: string,
  environment: Record<string, string>,
  url: string,
): Promise<{ process: ChildProcess; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [path.join(REPOSITORY, file)], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  const deadline = performance.now() + 30_000;
  while (
    !(await fetch(url).then(
      (r) => r.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${file} did not come up.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!address || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/** The URL of a tenant’s own test database, as the superuser may open it. */
export async function databaseOf(platform: BenchPlatform, tenantId: string): Promise<string> {
  const central = new pg.Client({ connectionString: platform.config.centralDatabaseUrl });
  await central.connect();
  const { rows } = await central.query<{ name: string }>(
    'SELECT database_name AS name FROM tenant_databases WHERE tenant_id = $1',
    [tenantId],
  );
  await central.end();
  const url = new URL(platform.superuserUrl);
  url.pathname = `/${rows[0]?.name ?? ''}`;
  return url.href;
}
