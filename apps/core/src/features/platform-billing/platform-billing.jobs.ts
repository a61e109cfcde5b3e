import { Injectable, type OnModuleInit } from '@nestjs/common';

import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { PlatformBooks } from '../../tenancy/context/platform-books.js';
import { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import { PlatformTasks } from '../../tenancy/housekeeping/platform-tasks.js';
import { JobHandlers } from '../../tenancy/jobs/job-handlers.js';
import { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { settleAwaited } from './checkout/settle-awaited.js';
import { enrolMissing } from './enrol-missing.js';
import { enrolTenant } from './enrol-tenant.js';
import { EnrolmentQueue } from './enrolment-queue.js';
import { ensurePlatform } from './ensure-platform.js';
import { leaveBooks } from './leave-books.js';
import { BY_ITSELF, PlatformTenant } from './platform-tenant.js';
import { refreshChanged, refreshEntitlements } from './refresh-entitlements.js';

/** Rounds are ten minutes apart: this reaches back over several of them. */
const ROUND_REACHES_BACK_MS = 3_600_000;
/** Tenants of these are served nothing any more, and pay for nothing. */
const GONE: readonly string[] = ['archived', 'deleting', 'deleted'];

/** What the platform does in the background to bill its tenants. */
@Injectable()
export class PlatformBillingJobs implements OnModuleInit {
  constructor(
    private readonly central: CentralDatabase,
    private readonly provisioner: TenantProvisioner,
    private readonly directory: TenantDirectory,
    private readonly platform: PlatformTenant,
    private readonly enrolments: EnrolmentQueue,
    private readonly handlers: JobHandlers,
    private readonly tasks: PlatformTasks,
    private readonly books: PlatformBooks,
    private readonly providers: PaymentProviders,
  ) {}

  onModuleInit(): void {
    this.handlers.register('platform.enrol', (ctx, { enrolledId }) => this.enrol(ctx, enrolledId));
    this.handlers.register('platform.refresh_entitlements', async (ctx, { since }) => {
      await refreshChanged(ctx, this.central, new Date(since));
      await settleAwaited(ctx, this.providers);
    });
    if (!this.platform.isOn) return;
    // Whatever is written in the books may change what a tenant may have.
    this.books.follow((ctx, tx) =>
      tx.enqueue('platform.refresh_entitlements', { since: ctx.clock.now().toISOString() }),
    );
    this.tasks.registerFromStart('platform billing', () => this.round());
  }

  /** Makes the platform's tenant when there is none, and makes up for what was missed. */
  async round(): Promise<void> {
    const { central, provisioner, directory, platform } = this;
    await ensurePlatform({ central, provisioner, directory, platform });
    await this.platform.inBooks(BY_ITSELF, async (ctx) => {
      await enrolMissing(ctx, this.central, this.enrolments);
      await settleAwaited(ctx, this.providers);
      const since = new Date(ctx.clock.now().getTime() - ROUND_REACHES_BACK_MS);
      return refreshChanged(ctx, this.central, since);
    });
  }

  private async enrol(books: TenantContext, enrolledId: string): Promise<void> {
    const tenant = await this.central.db.tenant.findUnique({ where: { id: enrolledId } });
    if (!tenant || tenant.kind !== 'customer' || tenant.status === 'provisioning') return;
    if (GONE.includes(tenant.status)) await leaveBooks(books, tenant);
    else await enrolTenant(books, tenant);
    await refreshEntitlements(books, this.central, [enrolledId]);
  }
}
