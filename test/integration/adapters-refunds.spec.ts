// The same on other servers: what is said to providers.
import type { RefundState } from '@nova/core/features/payments/providers/outcomes.js';
import { describe, expect, it } from 'vitest';

import { type AdapterBench, AMOUNT, leftAt, paidBy, withAdapter } from '../support/adapter-bench.js';
import { BENCHES } from '../support/contract-benches.js';

const PART = 100_000n;
const TIMES = 8;
const asked = BENCHES.filter(({ name }) => name !== 'mpesa');

/** Asks after a refund until it has ended. */
async function ended(
  { provider, ctx, fake }: AdapterBench,
  order: Parameters<typeof provider.verifyRefund>[1],
) {
  for (let time = 0; ; time++) {
    await fake.control.clock.advance(120_000);
    const state: RefundState = await provider.verifyRefund(ctx, order);
    if (state.kind !== 'pending' || time === 5) return state;
  }
}

describe.concurrent.each(asked)('a refund by $name', (bench) => {
  it('gives back parts, and no more than was taken', () =>
    withAdapter(bench, async (opened) => {
      const { provider, ctx } = opened;
      const payment = await paidBy(opened);
      for (const number of [1, 2]) {
        const order = opened.refundOf(payment, { amount: PART, reference: `refund-${number}` });
        const made = await provider.refund(ctx, order);
        expect(['succeeded', 'pending']).toContain(made.kind);
        const { providerRefundId } = made as { providerRefundId: string };
        expect(await ended(opened, { ...order, providerRefundId })).toEqual({
          kind: 'succeeded',
          providerRefundId,
        });
      }
      expect(leftAt(opened)).toBe(50_000n);
      const over = opened.refundOf(payment, { amount: PART, reference: 'refund-3' });
      expect(await provider.refund(ctx, over)).toMatchObject({ kind: 'failed' });
      expect(leftAt(opened)).toBe(50_000n);
    }));

  it.each(['pending', 'failed'])('may be %s first or in the end', (outcome) =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      const order = opened.refundOf(await paidBy(opened), { amount: PART });
      fake.control.script({ match: { method: 'POST', path: bench.refundPath }, do: { outcome } });
      const made = await provider.refund(ctx, order);
      // Only Paystack decides when it is asked how a refund ends; the others are told so later.
      if (bench.name !== 'paystack' && outcome === 'failed') return;
      expect(made.kind).toBe('pending');
      const { providerRefundId } = made as { providerRefundId: string };
      const known = { ...order, providerRefundId };
      if (outcome === 'failed') {
        expect(await ended(opened, known)).toMatchObject({ kind: 'failed' });
        expect(leftAt(opened)).toBe(AMOUNT);
        return;
      }
      if (bench.name === 'paystack') return;
      expect(await provider.verifyRefund(ctx, known)).toEqual({ kind: 'pending', providerRefundId });
      const name = bench.name === 'stripe' ? 'id' : 'refund';
      await fake.control.advance({ [name]: providerRefundId, to: 'failed' });
      expect(await provider.verifyRefund(ctx, known)).toMatchObject({ kind: 'failed' });
      expect(leftAt(opened)).toBe(AMOUNT);
    }),
  );

  it.each([
    ['the line breaks after it', { drop: 'after-commit' }, true],
    ['a 503 hides it', { status: 503, commit: true, body: {} }, true],
    ['a gateway shows a page', { malformed: 'html', commit: true }, true],
    ['the answer is JSON of nobody’s', { status: 200, body: {} }, false],
    ['the line breaks before it', { drop: 'before' }, false],
    ['too many requests are made', { status: 429, body: { status: false } }, false],
  ] as const)('is unknown when %s, and found again where it can be', (_what, behaviour, commits) =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      const order = opened.refundOf(await paidBy(opened), { amount: PART });
      const match = { method: 'POST', path: bench.refundPath };
      fake.control.script({ match, do: behaviour, times: TIMES });
      expect((await provider.refund(ctx, order)).kind).toBe('unknown');
      fake.control.scripts.clear();
      const found = await ended(opened, { ...order, state: 'perhaps_sent' });
      if (!bench.findsLostRefunds) expect(found.kind).toBe('unknown');
      else expect(found.kind).toBe(commits ? 'succeeded' : 'not_found');
      expect(leftAt(opened)).toBe(commits ? AMOUNT - PART : AMOUNT);
    }),
  );
});
