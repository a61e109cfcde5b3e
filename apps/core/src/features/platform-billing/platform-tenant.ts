import { Inject, Injectable } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { unavailable } from '../../platform/errors/common-errors.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { TenantContexts } from '../../tenancy/context/tenant-contexts.js';
import type { Actor, TenantContext } from '../../tenancy/tenant-context.js';
import { platformBillingOff } from './platform-billing.errors.js';

/** On whose behalf the platform's books are opened. */
export interface BooksRequest {
  readonly actor: Actor;
  readonly requestId: string | null;
  readonly ip: string | null;
}

/** For what the platform does by itself. */
export const BY_ITSELF: BooksRequest = {
  actor: { type: 'system', id: 'platform-billing' },
  requestId: null,
  ip: null,
};

/** The tenant by which the platform bills its tenants, and its books: its live database. */
@Injectable()
export class PlatformTenant {
  private known: string | null = null;

  constructor(
    private readonly central: CentralDatabase,
    private readonly contexts: TenantContexts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get isOn(): boolean {
    return this.config.platformBilling === 'on';
  }

  /** Its id; null as long as no worker has made it. There is one for good, so it is asked for once. */
  async find(): Promise<string | null> {
    if (this.known) return this.known;
    const row = await this.central.db.tenant.findFirst({ where: { kind: 'platform' }, select: { id: true } });
    this.known = row?.id ?? null;
    return this.known;
  }

  /**
   * Works in the platform's books.
   * @throws platform_billing_off, unavailable until they are there
   */
  async inBooks<T>(request: BooksRequest, work: (ctx: TenantContext) => Promise<T>): Promise<T> {
    if (!this.isOn) throw platformBillingOff('Plans and invoices of the platform are switched off here.');
    const tenantId = await this.find();
    if (!tenantId) throw unavailable('The platform’s books are being set up. Try again in a moment.');
    const { ip, ...asked } = request;
    return this.contexts.run({ tenantId, mode: 'live', ...asked, ...(ip ? { ip } : {}) }, work);
  }
}
