import { PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';

import { createPool } from '../../platform/postgres/create-pool.js';
import type { TenantReader } from '../tenant-context.js';
import type { DatabaseServer } from './admin-client.js';

/** A snapshot that is read for longer than this is in the way of the server's clean-up. */
const READING_LIMIT_MS = 12 * 3_600_000;

/**
 * Runs `work` with a reader that sees a tenant database as another transaction of the administrator sees it, whose
 * `pg_export_snapshot()` is given and which has to stay open meanwhile.
 */
export async function withSnapshotReader<T>(
  server: Pick<DatabaseServer, 'adminUrl'>,
  { databaseName, snapshot }: { databaseName: string; snapshot: string },
  work: (db: TenantReader) => Promise<T>,
): Promise<T> {
  const url = new URL(server.adminUrl);
  url.pathname = `/${encodeURIComponent(databaseName)}`;
  const config = { connectionString: url.href, max: 1, application_name: 'nova-snapshot' };
  const pool = createPool(config, () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  try {
    return await prisma.$transaction(
      async (tx) => {
        // The name of a snapshot has no other characters; the statement takes no parameters.
        if (!/^[0-9A-F-]+$/i.test(snapshot)) throw new Error('That is no name of a snapshot.');
        await tx.$executeRawUnsafe(`SET TRANSACTION SNAPSHOT '${snapshot}'`);
        return work(tx);
      },
      { isolationLevel: 'RepeatableRead', timeout: READING_LIMIT_MS, maxWait: 10_000 },
    );
  } finally {
    await prisma.$disconnect();
    await pool.end();
  }
}
