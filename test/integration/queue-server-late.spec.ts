import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { migrateQueueSchema } from '@nova/core/platform/queues/migrate-queue-schema.js';
import { connectQueues, queueOptions } from '@nova/core/platform/queues/queue-backend.js';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { testEnvironment } from '../support/nova.js';

let databases: PlatformDatabases;
beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
});
afterAll(() => databases.drop());

describe('queues in PostgreSQL', () => {
  it('are worked on once their server is there, though it was away when the worker began', async () => {
    // Whatever the other tests have their queues on.
    const { REDIS_URL: _, ...environment } = testEnvironment(databases, 'smtp://127.0.0.1:1');
    const config = loadConfig(environment);
    await migrateQueueSchema(config);
    const database = new URL(databases.centralUrl).pathname.slice(1);
    const allow = (allowed: boolean) =>
      asSuperuser(inject('postgresUrl'), (client) =>
        client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS ${allowed}`),
      );
    await allow(false);
    const connection = connectQueues(config, createLogger(config));
    const options = queueOptions(connection);
    const done: string[] = [];
    const failures: string[] = [];
    const worker = new Worker('late', async (job) => void done.push(job.name), options);
    worker.on('error', (error) => failures.push(error.message));
    // This process goes on meanwhile, or the test would never come to the next line.
    await eventually(async () => expect(failures.length).toBeGreaterThan(0));
    await allow(true);
    const queue = new Queue('late', options);
    await eventually(() => queue.add('asked for late', {}));
    await eventually(async () => expect(done).toContain('asked for late'));
    await Promise.all([worker.close(), queue.close()]);
    await connection.close();
  });
});
