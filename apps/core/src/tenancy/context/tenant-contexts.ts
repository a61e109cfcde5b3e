import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { notFound, unavailable } from '../../platform/errors/common-errors.js';
import { addLogFields, currentLogFields } from '../../platform/log/log-fields.js';
import { LOGGER } from '../../platform/log/log.module.js';
import {
  type DatabaseSnapshot,
  TenantDirectory,
  type TenantSnapshot,
} from '../directory/tenant-directory.js';
import { notServed } from '../migrator/schema-behind.js';
import { isTenantSchemaBehind } from '../migrator/schema-versions.js';
import type { Actor, Mode, TenantContext, TenantProfile } from '../tenant-context.js';
import { liveModeNotReady } from '../tenancy.errors.js';
import { type Approach, refusalOf } from './admission.js';
import { authorOf } from './author.js';
import { type OpenDatabase, OpenDatabases } from './open-databases.js';
import { PlatformBooks } from './platform-books.js';
import { TenantWrites } from './tenant-writes.js';
import { writeWithin } from './write-within.js';

/** On whose behalf a tenant's database is wanted. */
export interface ContextRequest {
  tenantId: string;
  mode: Mode;
  actor: Actor;
  requestId: string | null;
  /** Where a request came from. */
  ip?: string;
  /** `data` unless given. */
  approach?: 'data' | 'receipt';
}

/** A context, and how to give it back: once its work has ended, whichever way. */
export interface OpenedContext {
  readonly ctx: TenantContext;
  readonly database: OpenDatabase;
  readonly release: () => void;
}

/** Opens tenants: who they are, their database of one mode, and their clock. */
@Injectable()
export class TenantContexts {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly databases: OpenDatabases,
    private readonly writes: TenantWrites,
    private readonly books: PlatformBooks,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Opens the context of one request or job. The caller releases it.
   * @throws not_found, tenant_suspended, tenant_archived, tenant_maintenance, live_mode_not_ready, tenant_schema_behind,
   * tenant_capacity, unavailable
   */
  async open(request: ContextRequest): Promise<OpenedContext> {
    const { profile, snapshot } = await this.find(request);
    const database = await this.databases.open(snapshot);
    return {
      ctx: this.contextOf(request, profile, database),
      database,
      release: () => database.release(),
    };
  }

  /** Opens a context for `work` and releases it afterwards. */
  async run<T>(request: ContextRequest, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
    const { ctx, release } = await this.open(request);
    try {
      return await work(ctx);
    } finally {
      release();
    }
  }

  private async find(
    request: ContextRequest,
  ): Promise<{ profile: TenantProfile; snapshot: DatabaseSnapshot }> {
    const { tenantId, mode, approach = 'data' } = request;
    let tenant = admitted(await this.directory.get(tenantId), approach);
    let snapshot = databaseOf(tenant, mode);
    if (!snapshot || isTenantSchemaBehind(snapshot.schemaVersion)) {
      // It may have been made or migrated a moment ago, and its announcement be on its way.
      tenant = admitted(await this.directory.fresh(tenantId), approach);
      snapshot = databaseOf(tenant, mode);
    }
    if (snapshot) {
      if (!isTenantSchemaBehind(snapshot.schemaVersion)) return { profile: tenant.profile, snapshot };
      throw notServed(snapshot.schemaVersion);
    }
    if (mode === 'live') throw liveModeNotReady('Live mode starts with the first live API key.');
    throw unavailable('The tenant’s test database is being made. Try again in a moment.');
  }

  private contextOf(
    { actor, requestId, ip }: ContextRequest,
    tenant: TenantProfile,
    database: OpenDatabase,
  ): TenantContext {
    const { tenantId, databaseId, mode, prisma, clock } = database;
    const { writes, books } = this;
    return {
      tenantId,
      databaseId,
      mode,
      tenant,
      db: prisma,
      clock,
      actor,
      log: logOf(database, this.log),
      requestId,
      ip: ip ?? null,
      // By way of `this`, so that a copy of the context with another clock or actor writes by that clock and as that actor.
      transaction(work) {
        const scope = { database, clock: this.clock, author: authorOf(this) };
        return writes.transaction(scope, books.ending(this, work));
      },
      read: (statement) => database.query(statement),
      write(statement, due) {
        if (!books.follows(this)) return writes.statement({ database, clock: this.clock }, statement, due);
        return this.transaction((tx) => writeWithin(tx, statement, due));
      },
    };
  }
}

function admitted(tenant: TenantSnapshot | null, approach: Approach): TenantSnapshot {
  const refusal = refusalOf(tenant, approach, systemClock.now());
  if (refusal) throw refusal;
  if (!tenant) throw notFound('There is no such tenant.');
  return tenant;
}

function databaseOf(tenant: TenantSnapshot, mode: Mode): DatabaseSnapshot | null {
  return tenant.databases.find((database) => database.mode === mode) ?? null;
}

/** Within a request or job every line says whose it is; elsewhere this context's own lines do. */
function logOf({ tenantId, mode }: OpenDatabase, log: Logger): Logger {
  addLogFields({ tenantId, mode });
  return currentLogFields().tenantId ? log : log.child({ tenantId, mode });
}
