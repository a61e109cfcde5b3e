import { Injectable } from '@nestjs/common';
import type { DatabaseServer } from '@nova/prisma-central';
import { LRUCache } from 'lru-cache';

import { CentralDatabase } from '../central/central-database.js';
import { ChangeListener } from '../central/changes.js';
import { WatchedCache } from '../central/watched-cache.js';
import type { TenantStanding } from '../context/admission.js';
import { maintenanceOf } from '../maintenance/maintenance-state.js';
import type { Mode, TenantProfile, TenantSettings } from '../tenant-context.js';

/** Where a tenant database is and how it is entered. The password is sealed; the tenant's id is its AAD. */
export interface DatabaseSnapshot {
  readonly id: string;
  readonly tenantId: string;
  readonly mode: Mode;
  /** Its tenant's: by whose calendar days begin there. */
  readonly timeZone: string;
  readonly configVersion: number;
  readonly schemaVersion: string | null;
  readonly serverId: string;
  readonly serverName: string;
  /** Connections that this process may hold to all databases of its server; null means no limit but the process's own. */
  readonly serverConnectionBudget: number | null;
  /** Where its connections go: to its server's pooler where that has one, else to the server. */
  readonly host: string;
  readonly port: number;
  /** How its server's connections use TLS, as the query string of a URL. */
  readonly parameters: string;
  readonly databaseName: string;
  readonly roleName: string;
  readonly passwordSealed: string;
}

/** What central knows of a tenant, with its active databases. */
export interface TenantSnapshot extends TenantStanding {
  readonly profile: TenantProfile;
  readonly databases: readonly DatabaseSnapshot[];
}

/** Whose a database is. It never changes. */
interface DatabaseOwner {
  readonly tenantId: string;
  readonly mode: Mode;
}

/** Who the tenants are, from memory where that can be trusted. */
@Injectable()
export class TenantDirectory {
  private readonly cache: WatchedCache<TenantSnapshot>;
  private readonly owners = new LRUCache<string, DatabaseOwner>({ max: 20_000 });

  constructor(
    private readonly central: CentralDatabase,
    changes: ChangeListener,
  ) {
    this.cache = new WatchedCache(changes, {
      max: 10_000,
      ttlMs: 30_000,
      keyOf: (change) => (change.kind === 'tenant' ? change.tenantId : null),
    });
  }

  get(tenantId: string): Promise<TenantSnapshot | null> {
    return this.cache.get(tenantId, () => this.read(tenantId));
  }

  /** Read from central now, for the moment after a database was made: its announcement may still be on its way. */
  fresh(tenantId: string): Promise<TenantSnapshot | null> {
    this.cache.forget(tenantId);
    return this.get(tenantId);
  }

  /** Whose database this is, while it is the one in use of a tenant that exists; else null. */
  async ofDatabase(databaseId: string): Promise<DatabaseOwner | null> {
    const known = this.owners.get(databaseId);
    const tenant = known && (await this.get(known.tenantId));
    if (tenant?.databases.some(({ id }) => id === databaseId)) return known ?? null;
    this.owners.delete(databaseId);
    return this.readOwner(databaseId);
  }

  private async readOwner(databaseId: string): Promise<DatabaseOwner | null> {
    const row = await this.central.db.tenantDatabase.findUnique({
      where: { id: databaseId, status: 'active' },
      select: { tenantId: true, mode: true },
    });
    if (!row) return null;
    const owner = { tenantId: row.tenantId, mode: row.mode as Mode };
    this.owners.set(databaseId, owner);
    return owner;
  }

  private async read(tenantId: string): Promise<TenantSnapshot | null> {
    const row = await this.central.db.tenant.findUnique({
      where: { id: tenantId },
      include: { databases: { where: { status: 'active' }, include: { server: true } } },
    });
    if (!row) return null;
    const { id, slug, name, country, currency, timeZone } = row;
    const settings = row.settings as TenantSettings;
    const kind = row.kind === 'platform' ? 'platform' : 'customer';
    return {
      profile: { id, kind, slug, name, country, currency, timeZone, settings },
      status: row.status,
      statusReason: row.statusReason,
      maintenance: maintenanceOf(row),
      databases: row.databases.map((database) => ({
        id: database.id,
        tenantId,
        mode: database.mode as Mode,
        timeZone,
        configVersion: database.configVersion,
        schemaVersion: database.schemaVersion,
        ...connectTo(database.server),
        parameters: database.server.parameters,
        databaseName: database.databaseName,
        roleName: database.roleName,
        passwordSealed: database.passwordSealed,
      })),
    };
  }
}

function connectTo(
  server: DatabaseServer,
): Pick<DatabaseSnapshot, 'serverId' | 'serverName' | 'serverConnectionBudget' | 'host' | 'port'> {
  return {
    serverId: server.id,
    serverName: server.name,
    serverConnectionBudget: server.connectionBudget,
    host: server.poolerHost ?? server.host,
    port: server.poolerHost === null ? server.port : (server.poolerPort ?? server.port),
  };
}
