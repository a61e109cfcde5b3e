import type { Subscription } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import type { Billable } from '../billing/billable.js';
import { loadBillables } from '../billing/load-billables.js';
import { applyAct } from './acts/apply-act.js';
import { scheduleChange } from './changes/scheduled-changes.js';
import { planVerb } from './plan-verb.js';
import type { ShownSubscription } from './subscription-wire.js';
import { lockSubscription, readSubscription } from './subscriptions.repository.js';
import type { VerbRequest } from './verbs.schemas.js';

/** Which subscription, and at which versions of it. */
export interface ActedOn {
  readonly reference: string;
  readonly expected: ExpectedVersions;
}

/**
 * Does to a subscription what is asked, or writes it down for later: under the lock of its row, as the preview of the
 * same request shows it.
 * @throws notFound, preconditionFailed, subscriptionCanceled, subscriptionNotStarted, subscriptionStatusConflict,
 * invalidRequest, notOffered, itemsDoNotFit, amountTooLarge, invoicePaymentInFlight
 */
export async function actOnSubscription(
  ctx: TenantContext,
  { reference, expected }: ActedOn,
  request: VerbRequest,
): Promise<ShownSubscription> {
  return ctx.transaction(async (tx) => {
    const subscription = await lockSubscription(tx.db, reference);
    checkVersion(expected, subscription.version);
    const before = await billableOf(tx.db, subscription);
    const planned = await planVerb(ctx, tx.db, { before, request });
    if (planned.when === 'now') await applyAct(ctx, tx, planned.act);
    else {
      const { at, timing } = planned.decided;
      await scheduleChange(ctx, tx, {
        subscriptionId: subscription.id,
        effectiveAt: at,
        change: planned.change,
        timing: timing === 'period_end' ? 'period_end' : 'at',
      });
    }
    return readSubscription(tx.db, subscription.id);
  });
}

/** A subscription with what it is billed by. */
export async function billableOf(db: TenantReader, subscription: Subscription): Promise<Billable> {
  const [billable] = await loadBillables(db, [subscription]);
  if (!billable) throw new Error(`Subscription ${subscription.id} cannot be read to be billed.`);
  return billable;
}
