import { recordDispute } from '@nova/core/features/disputes/record-dispute.js';
import { type ParkedMoney, parkMoney } from '@nova/core/features/unmatched-payments/park-money.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';

import { type Api, expectStatus } from './api.js';
import { type Case, onTwo } from './keyed-cases.js';
import type { Nova, TestTenant } from './nova.js';

function inDatabase<T>(
  nova: Nova,
  { tenantId }: TestTenant,
  work: (ctx: TenantContext) => Promise<T>,
): Promise<T> {
  const actor = { type: 'system', id: 'spec' } as const;
  const contexts = nova.app.get(TenantContexts, { strict: false });
  return contexts.run({ tenantId, mode: 'test', actor, requestId: null }, work);
}

/** ₦1,000.00 that came from nobody knows whom. */
export async function parkSome(
  nova: Nova,
  tenant: TestTenant,
  money: Partial<ParkedMoney> = {},
): Promise<string> {
  const { id } = await inDatabase(nova, tenant, (ctx) =>
    ctx.transaction((tx) =>
      parkMoney(ctx, tx, {
        provider: 'paystack',
        providerPaymentId: newId('pay'),
        reason: 'unknown_reference',
        reference: 'SHOES',
        amount: 100_000n,
        currency: 'NGN',
        ...money,
      }),
    ),
  );
  return id;
}

/** A dispute of a payment that is none of ours. */
export async function disputeSome(nova: Nova, tenant: TestTenant): Promise<string> {
  const { id } = await inDatabase(nova, tenant, (ctx) =>
    ctx.transaction((tx) =>
      recordDispute(ctx, tx, {
        provider: 'stripe',
        providerDisputeId: newId('dsp'),
        providerPaymentId: null,
        reference: null,
        status: 'open',
        reason: 'fraudulent',
        amount: 100_000n,
        currency: 'NGN',
        dueBy: null,
      }),
    ),
  );
  return id;
}

interface Tools {
  readonly nova: Nova;
  readonly tenant: TestTenant;
  readonly api: Api;
  /** Makes an invoice over ₦2,500.00 that is open. */
  readonly openInvoice: () => Promise<string>;
}

/** The POST routes of unmatched payments, each with a request to try a key with. */
export function unmatchedCases(tools: () => Tools): Record<string, () => Promise<Case>> {
  const parked = (money: Partial<ParkedMoney> = {}) => parkSome(tools().nova, tools().tenant, money);
  const path = (verb: string) => (id: string) => `/unmatched-payments/${id}/${verb}`;
  const forInvoice = async () => {
    const { api, openInvoice } = tools();
    const { id: invoiceId, customerId } = expectStatus(
      await api.get(`/invoices/${await openInvoice()}`),
      200,
    );
    return parked({ reason: 'invoice_not_open', invoiceId, customerId });
  };
  return {
    '/api/unmatched-payments/{id}/apply': async () =>
      onTwo(() => parked(), path('apply'), { invoiceId: await tools().openInvoice() }),
    '/api/unmatched-payments/{id}/credit': () => onTwo(forInvoice, path('credit')),
    '/api/unmatched-payments/{id}/return': () => onTwo(() => parked(), path('return'), { by: 'hand' }),
    '/api/unmatched-payments/{id}/dismiss': () =>
      onTwo(() => parked(), path('dismiss'), { reason: 'A sale of the shop.' }),
  };
}
