import { runMigrations } from 'bullmq';
import pg from 'pg';

import type { Config } from '../config/config.schema.js';
import { QUEUE_SCHEMA } from './queue-backend.js';

/** Makes or updates the tables that BullMQ keeps in PostgreSQL; with Redis there is nothing to do. */
export async function migrateQueueSchema(config: Pick<Config, 'queue'>): Promise<void> {
  if (config.queue.backend !== 'postgres') return;
  const client = new pg.Client({ connectionString: config.queue.url, application_name: 'nova-migrator' });
  await client.connect();
  try {
    await runMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}
