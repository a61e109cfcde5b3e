import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Prisma, PrismaClient } from '@nova/prisma-central';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { createPool } from '../../platform/postgres/create-pool.js';

/** The central database's Prisma client. A tenant's is another type, so the two cannot be mixed up. */
export type CentralClient = PrismaClient;

/** A transaction on the central database. */
export type CentralTransaction = Prisma.TransactionClient;

/** It is asked for a moment now and then. */
const ASIDE_IDLE_MS = 10_000;
const ASIDE_LIMIT_MS = 5_000;

/** The database that knows who the tenants are and where their databases live. */
@Injectable()
export class CentralDatabase implements OnModuleInit {
  readonly pool: pg.Pool;
  readonly db: CentralClient;
  /**
   * A connection for what has to be read while transactions go on: were it one of the pool's, as many transactions as the
   * pool has connections could wait for one of them until all had failed.
   */
  readonly aside: pg.Pool;

  constructor(@Inject(CONFIG) config: Config, @Inject(LOGGER) log: Logger) {
    const lost = (error: Error) => log.warn({ err: error }, 'A connection to the central database was lost.');
    const common = { connectionString: config.centralDatabaseUrl, application_name: 'nova-central' };
    this.pool = createPool({ ...common, max: config.centralPoolSize }, lost);
    this.aside = createPool(
      { ...common, max: 1, idleTimeoutMillis: ASIDE_IDLE_MS, query_timeout: ASIDE_LIMIT_MS },
      lost,
    );
    this.db = new PrismaClient({ adapter: new PrismaPg(this.pool) });
  }

  /** Nothing works without it, so start-up fails when it cannot be reached. */
  async onModuleInit(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  /** Ends all connections; called last, by the tenancy module. */
  async close(): Promise<void> {
    await this.db.$disconnect();
    await Promise.all([this.pool.end(), this.aside.end()]);
  }
}
