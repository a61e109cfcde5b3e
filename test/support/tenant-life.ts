import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import { type LifeDeps, TENANT_LIFE } from '@nova/core/features/tenant-life/life-deps.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { KeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import type { TenantDatabase } from '@nova/prisma-central';
import pg from 'pg';

import type { Nova } from './nova.js';

/** What specs of a tenant's life do with a platform, as its operator. */
export class LifeBench {
  readonly deps: LifeDeps;

  constructor(private readonly nova: Nova) {
    this.deps = nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
  }

  readonly caller = operatorCaller<string>;

  get db() {
    return this.nova.app.get(CentralDatabase, { strict: false }).db;
  }

  databaseOf(tenantId: string, mode = 'test'): Promise<TenantDatabase> {
    return this.db.tenantDatabase.findFirstOrThrow({ where: { tenantId, mode } });
  }

  /** What the server says to the tenant's own role: `open`, or the SQLSTATE that it is refused with. */
  async doorOf({ databaseName, roleName, passwordSealed, tenantId }: TenantDatabase): Promise<string> {
    const url = new URL(this.nova.config.internalPostgresUrl);
    url.username = roleName;
    url.password = await this.nova.app.get(KeyRing, { strict: false }).open(passwordSealed, tenantId);
    url.pathname = `/${databaseName}`;
    const client = new pg.Client({ connectionString: url.href });
    try {
      await client.connect();
      return 'open';
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.code ?? '') : String(error);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The operator's rows of the audit log about a tenant, oldest first, without the sessions that ended on the way. */
  async audit(tenantId: string): Promise<{ action: string; before: unknown; after: unknown }[]> {
    return this.db.auditEntry.findMany({
      where: { tenantId, actorType: { in: ['operator', 'system'] }, targetType: 'tenant' },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      select: { action: true, before: true, after: true },
    });
  }
}
