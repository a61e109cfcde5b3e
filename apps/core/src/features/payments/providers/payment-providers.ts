import { Inject, Injectable } from '@nestjs/common';

import type { PaymentAccount } from '@nova/prisma-central';

import { isProviderName } from '../../../domain/payments/provider-amounts.js';
import { CONFIG } from '../../../platform/config/config.module.js';
import type { Config } from '../../../platform/config/config.schema.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { HostedLinks } from '../../hosted-pages/hosted-links.js';
import { absentProvider } from './absent-provider.js';
import { openProvider } from './open-provider.js';
import type { PaymentProvider } from './payment-provider.js';
import { ProviderAccounts } from './provider-accounts.js';
import { sandboxProviderAt } from './sandbox-provider.js';

/** The providers that this build knows, each on the account that a tenant has with it. */
@Injectable()
export class PaymentProviders {
  private readonly inPlace = new Map<string, PaymentProvider>();

  constructor(
    private readonly accounts: ProviderAccounts,
    private readonly links: HostedLinks,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {
    this.use(sandboxProviderAt(config.publicUrl));
  }

  /**
   * The provider of a payment method or payment, on the tenant's account for this mode. One that the tenant has no account
   * with any more refuses charges and knows of none. A name that is not known is a bug or a downgrade, so it throws.
   */
  async of(ctx: TenantContext, name: string): Promise<PaymentProvider> {
    const placed = this.inPlace.get(name);
    if (placed) return placed;
    if (!isProviderName(name)) throw new Error(`There is no payment provider ${name}.`);
    const account = await this.accounts.open(ctx.databaseId, name);
    return account ? openProvider(this.accounts.deps, account) : absentProvider(name);
  }

  /** The tenant's accounts that new payments may go to. */
  usable({ databaseId }: TenantContext): Promise<PaymentAccount[]> {
    return this.accounts.usable(databaseId);
  }

  /** Puts an adapter in place of the one of the same name. */
  use(provider: PaymentProvider): void {
    this.inPlace.set(provider.name, provider);
  }

  /** Where the payer of an invoice comes back to from a page that a charge of a saved method has led to. */
  pageOf({ databaseId }: TenantContext, invoiceId: string): string {
    return `${this.links.urlOf({ kind: 'invoice', databaseId, id: invoiceId })}/return`;
  }

  /** Where customers come back to from a page of a provider's. */
  returnUrl({ tenant }: TenantContext): string {
    const { paymentLink } = tenant.settings;
    return paymentLink === undefined
      ? this.config.publicUrl
      : new URL(paymentLink.replaceAll(/\{\w+\}/g, '')).href;
  }
}
