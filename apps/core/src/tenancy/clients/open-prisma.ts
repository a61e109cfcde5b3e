import { PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';

import { omittedColumns } from '../migrator/omitted-columns.js';
import { lackingTenantMigrations } from '../migrator/schema-versions.js';
import { BehindAdapter } from './behind-adapter.js';

/** The client of a database of this version: of one that lacks migrations it reads what is there, and says what is not. */
export function openPrisma(pool: pg.Pool, schemaVersion: string | null): PrismaClient {
  if (lackingTenantMigrations(schemaVersion).length === 0)
    return new PrismaClient({ adapter: new PrismaPg(pool) });
  return new PrismaClient({ adapter: new BehindAdapter(pool), omit: omittedColumns(schemaVersion) });
}
