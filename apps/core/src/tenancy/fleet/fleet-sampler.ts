import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { CentralDatabase } from '../central/central-database.js';
import { KeyRing } from '../keys/key-ring.js';
import { readServers } from '../servers/database-servers.js';
import { chooseDatabases } from './choose-databases.js';
import { type DatabaseSight, sampleDatabase } from './sample-database.js';

const INTERVAL_MS = 30_000;
/** Databases a round: ten thousand that do nothing are all seen once a day with a quarter of this. */
const A_ROUND = 16;
const AT_ONCE = 4;

/** Looks at some tenant databases now and then, and keeps in central what it saw, for those who ask about the fleet. */
@Injectable()
export class FleetSampler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Repeater;

  constructor(
    private readonly central: CentralDatabase,
    private readonly keys: KeyRing,
    @Inject(LOGGER) log: Logger,
  ) {
    this.rounds = new Repeater(
      () => this.sample(),
      INTERVAL_MS,
      (error) => log.warn({ err: error }, 'The fleet could not be looked at.'),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
  }

  /** One round. Of several processes one makes it: the others' rounds end at once. */
  async sample(): Promise<void> {
    const client = await this.central.pool.connect();
    try {
      await tryWithAdvisoryLock(client, 'nova:fleet-sampler', () => this.round());
    } finally {
      client.release();
    }
  }

  private async round(): Promise<void> {
    const chosen = await chooseDatabases(this.central.pool, A_ROUND);
    if (chosen.length === 0) return;
    const servers = new Map(
      (await readServers(this.central.pool, this.keys)).map((server) => [server.id, server]),
    );
    const waiting = chosen.values();
    const lookAtNext = async () => {
      for (const database of waiting) {
        await this.record(await sampleDatabase(servers.get(database.serverId), database));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));
  }

  /** A database that was dropped meanwhile has nothing to be recorded for. */
  private async record(sight: DatabaseSight): Promise<void> {
    await this.central.pool.query(
      `INSERT INTO database_samples AS s (tenant_database_id, reachable, error, schema_version, connections, size_bytes,
                                          outbox_rows, oldest_outbox_at, sampled_at)
       SELECT id, $2, $3, $4, $5, $6, $7, $8, now() FROM tenant_databases WHERE id = $1 AND status = 'active'
       ON CONFLICT (tenant_database_id) DO UPDATE SET
         reachable = excluded.reachable, error = excluded.error, connections = excluded.connections,
         schema_version = COALESCE(excluded.schema_version, s.schema_version),
         size_bytes = COALESCE(excluded.size_bytes, s.size_bytes), outbox_rows = excluded.outbox_rows,
         oldest_outbox_at = excluded.oldest_outbox_at, sampled_at = excluded.sampled_at`,
      [
        sight.tenantDatabaseId,
        sight.reachable,
        sight.error,
        sight.schemaVersion,
        sight.connections,
        sight.sizeBytes,
        sight.outboxRows,
        sight.oldestOutboxAt,
      ],
    );
  }
}
