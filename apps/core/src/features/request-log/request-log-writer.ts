import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { TenantClients } from '../../tenancy/clients/tenant-clients.js';
import { refusalOf } from '../../tenancy/context/admission.js';
import { type DatabaseSnapshot, TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import type { LogTarget } from './request-log-buffer.js';
import { dropped, type DropReason } from './request-log-metrics.js';
import type { LoggedRequest } from './logged-request.js';

/** The migration that brings the table. A database of the release before has none, and keeps no log. */
const TABLE_SINCE = '20261121062337_safe_requests_and_audit';

const INSERT =
  'INSERT INTO request_log SELECT * FROM jsonb_populate_recordset(NULL::request_log, $1::jsonb) ON CONFLICT DO NOTHING';

/**
 * Writes requests to their tenant's database, past the marks and the outbox: a row here causes no work. What cannot be
 * written is given up and counted; a log is not worth a failure.
 */
@Injectable()
export class RequestLogWriter {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly clients: TenantClients,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async write(target: LogTarget, rows: readonly LoggedRequest[]): Promise<void> {
    try {
      const place = await this.placeOf(target);
      if (typeof place === 'string') dropped.inc({ reason: place }, rows.length);
      else await this.insert(place, rows);
    } catch (error) {
      dropped.inc({ reason: 'database_away' }, rows.length);
      this.log.debug({ err: error, ...target, rows: rows.length }, 'Requests could not be logged.');
    }
  }

  /** A database that is being copied or was closed a moment ago is left alone. */
  private async placeOf({ tenantId, databaseId }: LogTarget): Promise<DatabaseSnapshot | DropReason> {
    const tenant = await this.directory.get(tenantId);
    if (refusalOf(tenant, 'data', systemClock.now())) return 'tenant_stopped';
    const database = tenant?.databases.find(({ id }) => id === databaseId);
    if (!database) return 'tenant_stopped';
    return (database.schemaVersion ?? '') < TABLE_SINCE ? 'schema_behind' : database;
  }

  private async insert(database: DatabaseSnapshot, rows: readonly LoggedRequest[]): Promise<void> {
    const lease = await this.clients.lease(database);
    try {
      await lease.pool.query(INSERT, [JSON.stringify(rows)]);
    } finally {
      lease.release();
    }
  }
}
