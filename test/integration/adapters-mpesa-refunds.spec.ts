// The same on other servers: what is said to providers.
import { WEBHOOK_PARSERS } from '@nova/core/features/payments/providers/webhook-parsers.js';
import { describe, expect, it } from 'vitest';

import { type AdapterBench, AMOUNT, leftAt, paidBy, withAdapter } from '../support/adapter-bench.js';
import { type Bench, BENCHES } from '../support/contract-benches.js';
import { startMerchantInbox } from '../support/merchant-inbox.js';

const PART = 100_000n;

describe.concurrent('a refund by M-Pesa', () => {
  const bench = BENCHES.find(({ name }) => name === 'mpesa') as Bench;
  type Told = { kind: string; reference: string | null; answer?: { kind: string; code?: string } };

  /** Does something with an account whose callbacks come in, and reads them as the platform does. */
  async function withCallbacks(work: (opened: AdapterBench, told: () => Promise<Told[]>) => Promise<void>) {
    const inbox = await startMerchantInbox();
    const webhookUrl = `${inbox.url}/hooks`;
    try {
      await withAdapter(
        bench,
        async (opened) => {
          const told = async () => {
            await opened.fake.control.clock.advance(2_000);
            await opened.fake.control.webhooks.idle();
            return inbox.received.flatMap(({ path, body }) => {
              const topic = path.split('/').at(2) ?? '';
              const secrets = { keys: [], mode: 'test', receivedAt: new Date(), topic } as const;
              return WEBHOOK_PARSERS.mpesa(Buffer.from(body), {}, secrets).events;
            });
          };
          await work(opened, told);
        },
        { webhookUrl },
      );
    } finally {
      await inbox.stop();
    }
  }

  const receiptOf = (told: readonly Told[]) =>
    (told.find(({ kind }) => kind === 'payment.succeeded') as { receipt?: string } | undefined)?.receipt ??
    null;

  /** A whole refund of what was just paid. */
  async function orderOf(opened: AdapterBench, told: () => Promise<Told[]>, amount = AMOUNT) {
    const order = opened.refundOf(await paidBy(opened), { amount });
    return { ...order, payment: { ...order.payment, receipt: receiptOf(await told()) } };
  }

  it('of all is a reversal, which happens once however often it is asked for', () =>
    withCallbacks(async (opened, told) => {
      const order = await orderOf(opened, told);
      for (let time = 0; time < 2; time++) {
        expect(await opened.provider.refund(opened.ctx, order)).toMatchObject({ kind: 'pending' });
      }
      const answers = (await told()).filter(({ kind }) => kind === 'refund.updated');
      expect(answers.map(({ answer }) => answer?.kind)).toEqual(['succeeded', 'succeeded']);
      expect(leftAt(opened)).toBe(0n);
    }));

  it('of a part is a payment to the phone, which our reference keeps from being made twice', () =>
    withCallbacks(async (opened, told) => {
      const order = await orderOf(opened, told, PART);
      const first = await opened.provider.refund(opened.ctx, order);
      expect(first).toEqual({ kind: 'pending', providerRefundId: order.reference });
      expect(await opened.provider.refund(opened.ctx, { ...order, state: 'perhaps_sent' })).toEqual(first);
      const [answer] = (await told()).filter(({ kind }) => kind === 'refund.updated');
      expect(answer).toMatchObject({ reference: order.reference, answer: { kind: 'succeeded' } });
      expect(leftAt(opened)).toBe(AMOUNT - PART);
    }));

  it('whose acknowledgement is lost is sent again, and money moves once', () =>
    withCallbacks(async (opened, told) => {
      const { fake, provider, ctx } = opened;
      const order = await orderOf(opened, told, PART);
      fake.control.script({ match: { path: '/mpesa/b2c/*' }, do: { drop: 'after-commit' } });
      expect((await provider.refund(ctx, order)).kind).toBe('unknown');
      expect(await provider.verifyRefund(ctx, order)).toEqual({ kind: 'not_found' });
      const again = await provider.refund(ctx, { ...order, state: 'perhaps_sent' });
      expect(again).toEqual({ kind: 'pending', providerRefundId: order.reference });
      expect(leftAt(opened)).toBe(AMOUNT - PART);
    }));

  it('that waits too long in the queue is failed where that does no harm, and else goes on waiting', () =>
    withCallbacks(async (opened, told) => {
      const { fake, provider, ctx } = opened;
      const whole = await orderOf(opened, told);
      await fake.control.mode('queue-timeout');
      await provider.refund(ctx, whole);
      const [reversal] = (await told()).filter(({ kind }) => kind === 'refund.updated');
      expect(reversal?.answer).toMatchObject({ kind: 'failed', code: 'queue_timeout' });
      await fake.control.mode('queue-timeout');
      await provider.refund(ctx, { ...whole, amount: PART });
      const [, payout] = (await told()).filter(({ kind }) => kind === 'refund.updated');
      expect(payout).toMatchObject({ reference: whole.reference });
      expect(payout).not.toHaveProperty('answer');
      expect(leftAt(opened)).toBe(AMOUNT);
    }));

  it.each([['the business has no money for it', 'payout-insufficient', 'insufficient_funds']])(
    'fails when %s',
    (_what, mode, code) =>
      withCallbacks(async (opened, told) => {
        const order = await orderOf(opened, told, PART);
        await opened.fake.control.mode(mode);
        await opened.provider.refund(opened.ctx, order);
        const [answer] = (await told()).filter(({ kind }) => kind === 'refund.updated');
        expect(answer?.answer).toMatchObject({ kind: 'failed', code });
        expect(leftAt(opened)).toBe(AMOUNT);
      }),
  );

  it('is refused before it is made without what it takes', () =>
    withCallbacks(async (opened, told) => {
      const { provider, ctx } = opened;
      const order = await orderOf(opened, told);
      const { payment } = order;
      const refusals = [
        { ...order, payment: { ...payment, receipt: null } },
        { ...order, amount: PART, payment: { ...payment, payer: null } },
        { ...order, amount: 50n },
      ];
      const codes: unknown[] = [];
      for (const refused of refusals) codes.push(await provider.refund(ctx, refused));
      expect(codes).toMatchObject([
        { kind: 'failed', code: 'receipt_unknown' },
        { kind: 'failed', code: 'payer_unknown' },
        { kind: 'failed', code: 'amount_too_fine' },
      ]);
      expect(leftAt(opened)).toBe(AMOUNT);
    }));
});
