import { Injectable } from '@nestjs/common';

import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { HostedLinks } from '../../hosted-pages/hosted-links.js';
import { chooseProvider } from '../../payments/choose-provider.js';
import { PaymentProviders } from '../../payments/providers/payment-providers.js';
import { ProviderAccounts } from '../../payments/providers/provider-accounts.js';

/** What the platform sells its plans with: its own accounts with payment providers, and the pages that customers pay on. */
@Injectable()
export class CheckoutDesk {
  constructor(
    readonly providers: PaymentProviders,
    readonly accounts: ProviderAccounts,
    readonly links: HostedLinks,
  ) {}

  /** Whether one of the operator's accounts takes payments in a currency. */
  async takes(books: TenantContext, currency: string): Promise<boolean> {
    const usable = await this.accounts.usable(books.databaseId);
    return chooseProvider(usable, { currency, amount: null, how: 'attended' }) !== null;
  }

  /** The page on which a session is paid. */
  pageOf(books: TenantContext, sessionId: string): string {
    return this.links.urlOf({ kind: 'checkout', databaseId: books.databaseId, id: sessionId });
  }
}
