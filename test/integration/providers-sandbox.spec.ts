// The same on other servers: what is said to providers.
import { sandboxProviderAt } from '@nova/core/features/payments/providers/sandbox-provider.js';
import { paymentReference, refundReference } from '@nova/core/features/payments/payment-reference.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PayingTenant } from '../support/paying-tenant.js';

const AMOUNT = 250_000n;
const PART = 100_000n;
const provider = sandboxProviderAt('https://nova.example');

let payer: PayingTenant;

beforeAll(async () => {
  payer = await PayingTenant.start();
});
afterAll(() => payer.stop());

const chargeOf = (ctx: TenantContext, token: string) => ({
  reference: paymentReference(ctx.databaseId, { invoiceId: newId('inv'), attempt: 1 }),
  amount: AMOUNT,
  currency: 'NGN',
  description: 'Acme: invoice 1',
  email: null,
  returnUrl: 'https://shop.example/back',
  token,
  providerCustomerId: null,
});
type Charge = ReturnType<typeof chargeOf>;

const queryOf = (charge: Charge) => ({ ...charge, providerPaymentId: null, createdAt: new Date() });
const orderOf = (ctx: TenantContext, charge: Charge, amount: bigint) => ({
  reference: refundReference(ctx.databaseId, newId('rfn')),
  amount,
  currency: charge.currency,
  providerRefundId: null,
  state: 'new' as const,
  payment: {
    reference: charge.reference,
    amount: AMOUNT,
    providerPaymentId: null,
    receipt: null,
    payer: null,
  },
});

/** What the sandbox holds of a charge, by its own rows. */
async function net(ctx: TenantContext, { reference }: Charge): Promise<bigint> {
  const charges = await ctx.db.sandboxCharge.findMany({ where: { reference, status: 'succeeded' } });
  const refunds = await ctx.db.sandboxRefund.findMany({
    where: { chargeReference: reference, status: 'succeeded' },
  });
  const sum = (rows: { amount: bigint }[]) => rows.reduce((total, { amount }) => total + amount, 0n);
  return sum(charges) - sum(refunds);
}

describe('the sandbox keeps the contract of all providers', () => {
  it('a reference is charged once, however often and at once it is asked for', () =>
    payer.inDatabase(async (ctx) => {
      const charge = chargeOf(ctx, 'pm_sandbox_success');
      expect(await provider.verify(ctx, queryOf(charge))).toEqual({ kind: 'not_found' });
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => provider.chargeSaved(ctx, charge)));
      for (const outcome of [...outcomes, await provider.verify(ctx, queryOf(charge))]) {
        expect(outcome).toMatchObject({ kind: 'succeeded', amount: AMOUNT, currency: 'NGN' });
      }
      expect(await net(ctx, charge)).toBe(AMOUNT);
    }));

  it.each([
    ['pm_sandbox_declined', { kind: 'declined', code: 'declined' }],
    ['pm_sandbox_insufficient_funds', { kind: 'declined', code: 'insufficient_funds', retryable: true }],
    ['pm_sandbox_pending_success', { kind: 'pending' }],
    ['pm_sandbox_pending_failure', { kind: 'pending' }],
    ['pm_of_nobody', { kind: 'rejected', code: 'invalid_token' }],
  ])('a charge of %s is told as it is, twice the same', (token, told) =>
    payer.inDatabase(async (ctx) => {
      const charge = chargeOf(ctx, token);
      for (let time = 0; time < 2; time++) {
        expect(await provider.chargeSaved(ctx, charge)).toMatchObject(told);
      }
      expect(await net(ctx, charge)).toBe(0n);
    }),
  );

  it('gives parts back, each once, and no more than it took', () =>
    payer.inDatabase(async (ctx) => {
      const charge = chargeOf(ctx, 'pm_sandbox_success');
      await provider.chargeSaved(ctx, charge);
      const orders = [PART, PART].map((amount) => orderOf(ctx, charge, amount));
      for (const order of [...orders, ...orders]) {
        expect(await provider.refund(ctx, order)).toMatchObject({ kind: 'succeeded' });
      }
      expect(await net(ctx, charge)).toBe(50_000n);
      const over = orderOf(ctx, charge, PART);
      expect(await provider.refund(ctx, over)).toMatchObject({ kind: 'failed', code: 'refund_too_large' });
      expect(await provider.verifyRefund(ctx, over)).toEqual({ kind: 'not_found' });
      expect(await net(ctx, charge)).toBe(50_000n);
    }));

  it.each([
    ['pm_sandbox_refund_pending', 'pending'],
    ['pm_sandbox_refund_failure', 'failed'],
  ])('a refund of %s is %s, also when it is asked after', (token, kind) =>
    payer.inDatabase(async (ctx) => {
      const charge = chargeOf(ctx, token);
      await provider.chargeSaved(ctx, charge);
      const order = orderOf(ctx, charge, PART);
      expect(await provider.refund(ctx, order)).toMatchObject({ kind });
      expect(await provider.verifyRefund(ctx, order)).toMatchObject({ kind });
      expect(await net(ctx, charge)).toBe(AMOUNT);
    }),
  );

  it('tells what it took in a span of time', () =>
    payer.inDatabase(async (ctx) => {
      const from = ctx.clock.now();
      const charge = chargeOf(ctx, 'pm_sandbox_success');
      await provider.chargeSaved(ctx, charge);
      const to = new Date(ctx.clock.now().getTime() + 1_000);
      const told = await provider.reconcile(ctx, { from, to });
      expect(told).toMatchObject({
        kind: 'listed',
        charges: expect.arrayContaining([
          expect.objectContaining({ reference: charge.reference, amount: AMOUNT }),
        ]),
      });
    }));
});
