import { rm } from 'node:fs/promises';

import { startEmbeddedPostgres } from '@nova/core/platform/embedded/embedded-postgres.js';

import { makePassingFolder } from './passing-folder.js';
import { startPooler } from './pooler.js';

/** The servers that a run of the tests uses, and how to end those that were started for it. */
export interface Services {
  postgresUrl: string;
  redisUrl: string;
  /** `host:port` of the PgBouncer in front of it; empty when tenants' connections go direct. */
  poolerAddress: string;
  stop(): Promise<void>;
}

type Servers = Omit<Services, 'poolerAddress'>;

/**
 * `TEST_SERVICES` chooses: `embedded` (the default: PostgreSQL out of npm, needs nothing), `external`
 * (`TEST_POSTGRES_URL` names a superuser's URL) or `containers` (needs Docker). `TEST_REDIS_URL` puts the queues on Redis,
 * `TEST_POOLER=pgbouncer` a PgBouncer of this machine in front of tenants' databases.
 */
export async function startServices(env: NodeJS.ProcessEnv): Promise<Services> {
  const servers = await startServers(env);
  if (env['TEST_POOLER'] !== 'pgbouncer') return { ...servers, poolerAddress: '' };
  const pooler = await startPooler(servers.postgresUrl);
  return {
    ...servers,
    poolerAddress: pooler.address,
    stop: async () => {
      await pooler.stop();
      await servers.stop();
    },
  };
}

async function startServers(env: NodeJS.ProcessEnv): Promise<Servers> {
  switch (env['TEST_SERVICES'] ?? 'embedded') {
    case 'embedded':
      return startEmbedded(env);
    case 'external':
      return external(env);
    case 'containers':
      return startContainers();
    default:
      throw new Error(`TEST_SERVICES=${env['TEST_SERVICES']} is none of embedded, external, containers.`);
  }
}

function external(env: NodeJS.ProcessEnv): Servers {
  const postgresUrl = env['TEST_POSTGRES_URL'];
  if (!postgresUrl) throw new Error('TEST_SERVICES=external needs TEST_POSTGRES_URL, a superuser’s URL.');
  return { postgresUrl, redisUrl: env['TEST_REDIS_URL'] ?? '', stop: async () => {} };
}

async function startEmbedded(env: NodeJS.ProcessEnv): Promise<Servers> {
  const dataDir = await makePassingFolder('nova-test-');
  const server = await startEmbeddedPostgres({
    dataDir,
    // The data folder is thrown away afterwards: nothing in it has to survive a power cut.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' },
  });
  return {
    postgresUrl: server.superuserUrl,
    redisUrl: env['TEST_REDIS_URL'] ?? '',
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startContainers(): Promise<Servers> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const postgres = await new GenericContainer(process.env['TEST_POSTGRES_IMAGE'] ?? 'postgres:18')
    .withEnvironment({ POSTGRES_PASSWORD: 'nova-test' })
    .withCommand(['postgres', '-c', 'max_connections=400', '-c', 'fsync=off'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .start();
  const redis = await new GenericContainer(process.env['TEST_REDIS_IMAGE'] ?? 'redis:7')
    .withCommand(['redis-server', '--maxmemory-policy', 'noeviction'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
  return {
    postgresUrl: `postgres://postgres:nova-test@${postgres.getHost()}:${postgres.getMappedPort(5432)}/postgres`,
    redisUrl: `redis://${redis.getHost()}:${redis.getMappedPort(6379)}`,
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
    },
  };
}
