import { Injectable } from '@nestjs/common';
import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { queryOf } from '../payments/charge-attempt.js';
import { PaymentProviders } from '../payments/providers/payment-providers.js';
import { recordOutcome } from '../payments/record-outcome.js';

/** Who comes back from a provider's page is not left waiting; who reloads at once gets what was said before. */
const PAGE_PAUSE_MS = 3_000;
/** A phone is answered by webhook. M-Pesa counts questions, so it is asked only when that may have been lost. */
const PHONE_PAUSE_MS = 12_000;
const REMEMBERED_MAX = 10_000;

/**
 * Asks providers after payments whose payers look at them. What is decided is recorded; that it is not decided yet is
 * not, since that would use up the questions after which a payment is given up.
 */
@Injectable()
export class PaymentWatch {
  /** When each was last asked after, by this process's own clock. */
  private readonly asked = new Map<string, number>();

  constructor(private readonly providers: PaymentProviders) {}

  /** The payment as it is by now. */
  async look(ctx: TenantContext, payment: Payment): Promise<Payment> {
    if (!isAttended(payment) || !this.mayAsk(payment)) return payment;
    try {
      const provider = await this.providers.of(ctx, payment.provider);
      const outcome = await provider.verify(ctx, queryOf(payment, await methodOf(ctx, payment)));
      const isDecided = ['succeeded', 'declined', 'rejected'].includes(outcome.kind);
      return isDecided ? await recordOutcome(ctx, payment.id, outcome) : payment;
    } catch (error) {
      ctx.log.warn(
        { err: error, paymentId: payment.id },
        'A payment could not be asked after for its payer.',
      );
      return payment;
    }
  }

  private mayAsk({ id, actionUrl }: Payment): boolean {
    const now = performance.now();
    const pause = actionUrl === null ? PHONE_PAUSE_MS : PAGE_PAUSE_MS;
    const last = this.asked.get(id);
    // The first look at a phone's payment comes right after the push.
    if (last === undefined && actionUrl === null) this.note(id, now);
    else if (last === undefined || now - last >= pause) {
      this.note(id, now);
      return true;
    }
    return false;
  }

  private note(id: string, now: number): void {
    this.asked.delete(id);
    this.asked.set(id, now);
    const [oldest] = this.asked.keys();
    if (this.asked.size > REMEMBERED_MAX && oldest !== undefined) this.asked.delete(oldest);
  }
}

/**
 * Its payer makes it now, or confirms what is charged to a saved method. What is charged without the payer its own job asks
 * after.
 */
function isAttended({ status, paymentMethodId, actionUrl, provider }: Payment): boolean {
  const isOpen = status === 'created' || status === 'pending';
  return isOpen && (paymentMethodId === null || actionUrl !== null) && provider !== 'manual';
}

async function methodOf(ctx: TenantContext, { paymentMethodId }: Payment): Promise<PaymentMethod | null> {
  if (paymentMethodId === null) return null;
  return ctx.db.paymentMethod.findUnique({ where: { id: paymentMethodId } });
}
