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

/** The database that knows who the tenants are and where their databases live. */
@Injectable()
export class CentralDatabase implements OnModuleInit {
  readonly pool: pg.Pool;
  readonly db: CentralClient;

  constructor(@Inject(CONFIG) config: Config, @Inject(LOGGER) log: Logger) {
    this.pool = createPool(
      {
        connectionString: config.centralDatabaseUrl,
        max: config.centralPoolSize,
        application_name: 'nova-central',
      },
      (error) => log.warn({ err: error }, 'A connection to the central database was lost.'),
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
    await this.pool.end();
  }
}
