import { Inject, Injectable } from '@nestjs/common';
import type { TenantDatabase } from '@nova/prisma-central';
import type pg from 'pg';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { CentralDatabase } from '../central/central-database.js';
import { KeyRing } from '../keys/key-ring.js';
import { type DatabaseServer, withAdminClient } from '../servers/admin-client.js';
import { type ClusterNames, clusterNames } from '../servers/cluster-names.js';
import { readServer } from '../servers/database-servers.js';
import type { Mode } from '../tenant-context.js';
import { dropDatabaseAndRole } from './drop-database.js';
import { checkAsTenant, cloneTemplate, createRole, openToRole } from './make-database.js';
import { provisioningFailed } from './provisioning.errors.js';
import {
  activate,
  beginAttempt,
  findLeftovers,
  type ProvisioningStep,
  recordDropped,
  recordFailure,
  recordRetiring,
  recordStep,
  reserveRow,
} from './tenant-database-rows.js';

/** An attempt takes well under a second; one that has not moved for this long has lost its process. */
const ABANDONED_AFTER_MS = 5 * 60_000;
const OTHER_PROCESS_WAIT_MS = 60_000;
const DRAIN_MS = 5_000;

/**
 * Makes and drops tenant databases. The row in central is written first and everything on the server is named after its
 * id, so that after a crash at any point the next attempt, or `cleanUpFailed`, finds what is left and starts over.
 */
@Injectable()
export class TenantProvisioner {
  private readonly names: ClusterNames;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly central: CentralDatabase,
    private readonly keys: KeyRing,
  ) {
    this.names = clusterNames(config.centralDatabaseUrl);
  }

  /**
   * The tenant's database of this mode, made when there is none. Asked twice, also at once, it makes one; asked again
   * after a failure, it tries again.
   * @throws provisioningFailed
   */
  async provision(tenantId: string, mode: Mode): Promise<{ id: string }> {
    const row = await reserveRow(this.central, this.keys, this.names, { tenantId, mode });
    if (row.status === 'active') return { id: row.id };
    const failure = await this.attempt(row).catch((cause: unknown) => ({ cause, attempt: null }));
    if (!failure) return { id: row.id };
    this.log.error(
      { err: failure.cause, tenantId, databaseId: row.id },
      'A tenant database could not be made.',
    );
    if (failure.attempt) await this.giveUp(failure.attempt, failure.cause);
    throw provisioningFailed(`The ${mode} database could not be made; try again.`, { cause: failure.cause });
  }

  /** Takes a database out of use for good: drains it, and drops it and its role. Asked again, it goes on where it was. */
  async retire(databaseId: string): Promise<void> {
    const retired = await recordRetiring(this.central.db, databaseId);
    const row =
      retired ?? (await this.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: databaseId } }));
    await this.dropRetired(row);
  }

  /**
   * Drops what attempts that failed or lost their process have left on the servers, and finishes what was being retired.
   * Answers the ids of the databases it dealt with. Called by the sweeper, for nothing else will.
   */
  async cleanUpFailed(): Promise<string[]> {
    const abandonedBefore = new Date(systemClock.now().getTime() - ABANDONED_AFTER_MS);
    const cleaned: string[] = [];
    for (const row of await findLeftovers(this.central.db, abandonedBefore)) {
      try {
        if (row.status === 'retired') await this.dropRetired(row);
        else await this.discard(row, row.failure ?? 'The process that was making it has gone.');
        cleaned.push(row.id);
      } catch (error) {
        this.log.warn(
          { err: error, databaseId: row.id },
          'What is left of a tenant database could not be dropped yet.',
        );
      }
    }
    return cleaned;
  }

  /** Records that a step is about to be taken. */
  protected async beginStep(attempt: TenantDatabase, step: ProvisioningStep): Promise<void> {
    await recordStep(this.central.db, attempt, step);
  }

  /** Null when the database is active afterwards, by this attempt or by one of another process that was waited for. */
  private attempt(row: TenantDatabase): Promise<{ cause: unknown; attempt: TenantDatabase } | null> {
    return this.alone(row, async (admin, server) => {
      const attempt = await beginAttempt(this.central.db, row.id);
      if (!attempt) {
        const { status } = await this.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: row.id } });
        if (status !== 'active') throw new Error(`The tenant database ${row.id} is ${status}.`);
        return null;
      }
      try {
        await this.make(admin, server, attempt);
        return null;
      } catch (cause) {
        return { cause, attempt };
      }
    });
  }

  private async make(admin: pg.Client, server: DatabaseServer, attempt: TenantDatabase): Promise<void> {
    const password = await this.keys.open(attempt.passwordSealed, attempt.tenantId);
    await dropDatabaseAndRole(admin, attempt, { drainMs: 0 });
    await this.beginStep(attempt, 'role');
    await createRole(admin, attempt, this.names, password);
    await this.beginStep(attempt, 'database');
    await cloneTemplate(admin, attempt, this.names);
    await this.beginStep(attempt, 'access');
    await openToRole(admin, attempt, this.names);
    await this.beginStep(attempt, 'check');
    const version = await checkAsTenant(server, attempt, password);
    await activate(this.central.db, attempt, version);
  }

  /** After a failed attempt. When the server cannot be reached either, the row says so and `cleanUpFailed` comes later. */
  private async giveUp(attempt: TenantDatabase, cause: unknown): Promise<void> {
    const reason = cause instanceof Error ? cause.message : String(cause);
    try {
      const row = await this.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: attempt.id } });
      const failure = `At step ${row.step}: ${reason}`;
      await recordFailure(this.central.db, attempt, failure);
      await this.discard(attempt, failure);
    } catch (error) {
      this.log.warn(
        { err: error, databaseId: attempt.id },
        'What is left of a tenant database is dropped later.',
      );
    }
  }

  /** Drops what an attempt has left, unless another one has begun since. */
  private async discard(attempt: TenantDatabase, failure: string): Promise<void> {
    await this.alone(attempt, async (admin) => {
      const row = await this.central.db.tenantDatabase.findUniqueOrThrow({ where: { id: attempt.id } });
      const overtaken = row.configVersion !== attempt.configVersion;
      if (overtaken || !['provisioning', 'failed'].includes(row.status)) return;
      await dropDatabaseAndRole(admin, row, { drainMs: 0 });
      await recordFailure(this.central.db, attempt, failure, { step: 'reserved' });
    });
  }

  private async dropRetired(row: TenantDatabase): Promise<void> {
    await this.alone(row, (admin) => dropDatabaseAndRole(admin, row, { drainMs: DRAIN_MS }));
    await recordDropped(this.central.db, row.id);
  }

  /** Runs `work` as the administrator of the row's server, while no other process works on the same row. */
  private async alone<T>(
    row: TenantDatabase,
    work: (admin: pg.Client, server: DatabaseServer) => Promise<T>,
  ): Promise<T> {
    const server = await readServer(this.central.pool, this.keys, row.serverId);
    return withAdminClient(server, (admin) =>
      withAdvisoryLock(admin, { name: `nova:${row.id}`, waitMs: OTHER_PROCESS_WAIT_MS }, () =>
        work(admin, server),
      ),
    );
  }
}
