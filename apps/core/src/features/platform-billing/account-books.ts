import { Inject, Injectable } from '@nestjs/common';
import type { Tenant } from '@nova/prisma-central';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type AuditRecord, recordAudit } from '../audit/record-audit.js';
import type { UserAccount } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import { PlatformTenant } from './platform-tenant.js';

/** The platform's books as the people of one tenant work with them. */
@Injectable()
export class AccountBooks {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly platform: PlatformTenant,
  ) {}

  tenantOf({ tenantId }: UserAccount): Promise<Tenant> {
    return this.deps.central.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  }

  /** The address of whoever asks. */
  async emailOf({ actor }: UserAccount): Promise<string> {
    const { email } = await this.deps.central.user.findUniqueOrThrow({ where: { id: actor.id } });
    return email;
  }

  /** @throws platform_billing_off, unavailable until the books are there */
  open<T>({ actor, requestId, ip }: UserAccount, work: (books: TenantContext) => Promise<T>): Promise<T> {
    return this.platform.inBooks({ actor, requestId, ip }, work);
  }

  /** Notes in the tenant's own audit log what its people have done in the books. */
  async note(account: UserAccount, record: Omit<AuditRecord, 'target'>): Promise<void> {
    const target = { type: 'tenant', id: account.tenantId };
    await this.deps.central.$transaction((tx) => recordAudit(tx, account, { ...record, target }));
  }
}
