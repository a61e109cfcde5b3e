import { Injectable } from '@nestjs/common';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import {
  isPayableOnline,
  ownPaymentLink,
  type PrintableInvoice,
} from '../invoices/build-invoice-document.js';
import { choosableProviders } from '../payments/choosable-providers.js';
import { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import { HostedLinks } from './hosted-links.js';

/** Where documents and e-mails send customers to pay. */
@Injectable()
export class PayLinks {
  constructor(
    private readonly links: HostedLinks,
    private readonly accounts: ProviderAccounts,
  ) {}

  /**
   * The address at which an invoice is paid online: the tenant's own where it has set one, else our page where some provider
   * takes the sum; null when it is not to be paid, or not like that.
   */
  async of(ctx: TenantContext, invoice: PrintableInvoice): Promise<string | null> {
    if (!isPayableOnline(invoice) || invoice.amountDue <= 0n) return null;
    const own = ownPaymentLink(ctx.tenant, invoice);
    if (own !== null) return own;
    const wanted = { currency: invoice.currency, amount: invoice.amountDue };
    const ways = await choosableProviders(ctx, this.accounts, wanted);
    return ways.length > 0 ? this.links.urlOfInvoice(ctx.databaseId, invoice) : null;
  }
}
