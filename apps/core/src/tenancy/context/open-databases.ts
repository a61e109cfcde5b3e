import { Injectable } from '@nestjs/common';
import type pg from 'pg';

import { type Clock, stoppedClock, systemClock } from '../../platform/clock/clock.js';
import { unavailable } from '../../platform/errors/common-errors.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import { type ClientLease, TenantClients } from '../clients/tenant-clients.js';
import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { notServedYet } from '../migrator/schema-behind.js';
import { lackingTenantMigrations } from '../migrator/schema-versions.js';
import type { Mode, Statement, TenantDatabaseClient } from '../tenant-context.js';
import type { Author } from './author.js';

/** A tenant database that is leased for a piece of work, whoever does it: a request, a job or the sweeper. */
export interface OpenDatabase {
  readonly tenantId: string;
  readonly databaseId: string;
  readonly mode: Mode;
  readonly timeZone: string;
  readonly prisma: TenantDatabaseClient;
  readonly pool: pg.Pool;
  /** The tenant's clock as it was when the database was opened. */
  readonly clock: Clock;
  /** Whether an advance of the test clock is under way, which does all work of this database itself. */
  readonly advancing: boolean;
  /**
   * Runs a statement past Prisma.
   * @throws tenant_schema_behind when it needs what a database that lacks migrations does not have
   */
  query<Row extends object>(statement: Statement): Promise<Row[]>;
  /** The same database for work that outlives this piece. */
  retain(): OpenDatabase;
  release(): void;
}

/** Where a transaction writes, and the clock by which what it makes due is understood. */
export interface WriteScope {
  readonly database: OpenDatabase;
  readonly clock: Clock;
}

/** The same with who writes, whom the audit log names. */
export interface AuthoredScope extends WriteScope {
  readonly author: Author | null;
}

/** What a statement fails with that needs a table or a column which is not there. */
const MISSING: ReadonlySet<string | null> = new Set([SQL_STATE.undefinedTable, SQL_STATE.undefinedColumn]);

interface ClockReading {
  clock: Clock;
  advancing: boolean;
}

/** Opens tenant databases: leases the client and reads the clock. */
@Injectable()
export class OpenDatabases {
  constructor(private readonly clients: TenantClients) {}

  /**
   * @throws tenant_capacity when too many tenants are busy at once
   * @throws tenant_unreachable when the database does not answer
   * @throws unavailable when it cannot be worked with for another reason
   */
  async open(database: DatabaseSnapshot): Promise<OpenDatabase> {
    const lease = await this.clients.lease(database);
    try {
      return openDatabase(database, lease, await readClock(database.mode, lease.pool));
    } catch (error) {
      lease.release();
      if (error instanceof ProblemError) throw error;
      throw unavailable('The tenant’s database cannot be reached at the moment.', { cause: error });
    }
  }
}

function openDatabase(database: DatabaseSnapshot, lease: ClientLease, reading: ClockReading): OpenDatabase {
  return {
    tenantId: database.tenantId,
    databaseId: database.id,
    mode: database.mode,
    timeZone: database.timeZone,
    prisma: lease.prisma,
    pool: lease.pool,
    ...reading,
    query: (statement) => query(database, lease.pool, statement),
    retain: () => openDatabase(database, lease.retain(), reading),
    release: () => lease.release(),
  };
}

async function query<Row extends object>(
  { schemaVersion }: DatabaseSnapshot,
  pool: pg.Pool,
  { text, values }: Statement,
): Promise<Row[]> {
  try {
    return (await pool.query<Row>(text, [...values])).rows;
  } catch (error) {
    const isMissing = MISSING.has(sqlStateOf(error));
    throw isMissing && lackingTenantMigrations(schemaVersion).length > 0 ? notServedYet(error) : error;
  }
}

async function readClock(mode: Mode, pool: pg.Pool): Promise<ClockReading> {
  if (mode === 'live') return { clock: systemClock, advancing: false };
  const { rows } = await pool.query<{ now: Date; advancing: boolean }>(
    'SELECT now, coalesce(lease_until > clock_timestamp(), false) AS advancing FROM test_clock WHERE id = 1',
  );
  const row = rows[0];
  if (!row) return { clock: systemClock, advancing: false };
  return { clock: stoppedClock(row.now), advancing: row.advancing };
}

/**
 * The clock of what was written, as it is by now: a test clock may have been moved since the database was opened, and
 * what was due later when it was opened may be due already.
 */
export async function rereadClock({ database, clock }: WriteScope): Promise<ClockReading> {
  if (database.mode === 'live') return { clock, advancing: false };
  return readClock(database.mode, database.pool);
}
