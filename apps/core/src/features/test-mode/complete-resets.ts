import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import { keepTestAccounts } from '../payments/providers/keep-accounts.js';

/**
 * Makes the test databases that are missing because a process died while it was giving a tenant a fresh one. Looked
 * for once, when a process starts: the one that takes the dead one's place.
 */
@Injectable()
export class CompleteResets implements OnApplicationBootstrap {
  constructor(
    private readonly central: CentralDatabase,
    private readonly provisioner: TenantProvisioner,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.completeResets().catch((error: unknown) =>
      this.log.error({ err: error }, 'Test databases that may be missing could not be made'),
    );
  }

  /** Makes them, and answers the ids of the tenants that have one again. */
  async completeResets(): Promise<string[]> {
    const tenants = await this.central.db.tenant.findMany({
      where: {
        status: 'active',
        maintenanceReason: null,
        databases: { none: { mode: 'test', status: 'active' } },
      },
      select: { id: true },
    });
    const completed: string[] = [];
    for (const { id } of tenants) {
      try {
        await this.provisioner.provision(id, 'test');
        await keepTestAccounts(this.central.db, id);
        completed.push(id);
      } catch (error) {
        this.log.error({ err: error, tenantId: id }, 'A missing test database could not be made');
      }
    }
    return completed;
  }
}
