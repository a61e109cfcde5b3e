// The same on other servers: what is said to providers.
import type { ChargeOutcome } from '@nova/core/features/payments/providers/outcomes.js';
import { describe, expect, it } from 'vitest';

import { type AdapterBench, AMOUNT, withAdapter } from '../support/adapter-bench.js';
import { type Bench, BENCHES } from '../support/contract-benches.js';

/** What differs between the pages of providers. */
interface Pages {
  /** What a bank that wants its customer's word is called at the fake, and the button that gives it. */
  readonly challenge: { readonly outcome: string; readonly approve: string };
  readonly pay: string;
  /** How a payment stands that was declined on the page. */
  readonly declined: ChargeOutcome['kind'];
  readonly slow: string;
}

const PAGES: Readonly<Record<string, Pages>> = {
  paystack: {
    challenge: { outcome: 'paused', approve: 'pay' },
    pay: 'pay',
    declined: 'declined',
    slow: 'pending',
  },
  flutterwave: {
    challenge: { outcome: 'three-ds', approve: 'approve' },
    pay: 'pay',
    declined: 'declined',
    slow: 'pending',
  },
  stripe: {
    challenge: { outcome: 'authentication_required', approve: 'card' },
    pay: 'card',
    // Another card may be tried as long as the page is open.
    declined: 'requires_action',
    slow: 'processing',
  },
};
const paged = BENCHES.flatMap((bench) => {
  const pages = PAGES[bench.name];
  return pages ? [{ name: bench.name, bench, pages }] : [];
});

/** What a customer does on a page: presses a button. */
async function press(outcome: ChargeOutcome, button: string): Promise<void> {
  if (outcome.kind !== 'requires_action') throw new Error(`There is no page: ${JSON.stringify(outcome)}`);
  const response = await fetch(`${outcome.url}/${button}`, { method: 'POST', redirect: 'manual' });
  expect(response.status).toBeLessThan(400);
}

const script = ({ fake, bench }: AdapterBench, outcome: string) =>
  fake.control.script({ match: { method: 'POST', path: bench.chargePath }, do: { outcome } });
const capturesOf = ({ fake, bench, ...opened }: AdapterBench) =>
  fake.truth.captures(bench.truthName(opened.reference()));

describe.concurrent.each(paged)('a customer of $name', ({ bench, pages }) => {
  it('pays on a page, also after a card that was declined', () =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      const begun = await provider.createCheckout(ctx, opened.checkoutOf({ savesMethod: true }));
      expect(begun).toMatchObject({ kind: 'requires_action' });
      expect(begun).toHaveProperty('url', expect.stringContaining(fake.url));
      await press(begun, 'decline');
      const query = opened.queryOf(begun);
      expect((await provider.verify(ctx, query)).kind).toBe(pages.declined);
      // Of a transaction that has failed Paystack may be told later on that it was paid all the same.
      if (bench.name === 'paystack') await fake.control.advance({ ref: opened.reference(), to: 'success' });
      else await press(begun, pages.pay);
      const found = await provider.verify(ctx, query);
      expect(found).toMatchObject({ kind: 'succeeded', amount: AMOUNT, currency: bench.currency });
      expect(capturesOf(opened)).toHaveLength(1);
      if (bench.name === 'stripe') return;
      expect(found).toMatchObject({ saved: { kind: 'card', email: bench.email } });
    }));

  it('has one page, also when the answer with its address is lost', () =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      fake.control.script({ match: { method: 'POST' }, do: { drop: 'after-commit' }, times: 8 });
      expect(await provider.createCheckout(ctx, opened.checkoutOf())).toMatchObject({ kind: 'unknown' });
      fake.control.scripts.clear();
      expect(['not_found', 'pending']).toContain((await provider.verify(ctx, opened.queryOf())).kind);
      const again = await provider.createCheckout(ctx, opened.checkoutOf());
      expect(['requires_action', 'pending']).toContain(again.kind);
      expect(fake.truth.all()).toEqual([]);
    }));

  it('whose bank wants a word is sent to a page, and charged once', () =>
    withAdapter(bench, async (opened) => {
      const { provider, ctx } = opened;
      script(opened, pages.challenge.outcome);
      const outcome = await provider.chargeSaved(ctx, opened.chargeOf());
      expect(outcome.kind).toBe('requires_action');
      const query = opened.queryOf(outcome);
      expect(['pending', 'requires_action']).toContain((await provider.verify(ctx, query)).kind);
      expect(capturesOf(opened)).toEqual([]);
      await press(outcome, pages.challenge.approve);
      expect(await provider.verify(ctx, query)).toMatchObject({ kind: 'succeeded', amount: AMOUNT });
      expect(capturesOf(opened)).toHaveLength(1);
    }));

  it('whose bank takes days has not failed before it says so', () =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      script(opened, pages.slow);
      const outcome = await provider.chargeSaved(ctx, opened.chargeOf());
      expect(outcome.kind).toBe('pending');
      const query = opened.queryOf(outcome);
      for (let day = 1; day <= 5; day++) {
        await fake.control.clock.advance(86_400_000);
        expect((await provider.verify(ctx, query)).kind).toBe('pending');
      }
      const to = bench.name === 'stripe' ? 'succeeded' : 'success';
      await fake.control.advance({ id: query.providerPaymentId ?? '', ref: query.reference, to });
      expect(await provider.verify(ctx, query)).toMatchObject({ kind: 'succeeded', amount: AMOUNT });
      expect(capturesOf(opened)).toHaveLength(1);
    }));
});

const bench = BENCHES.find(({ name }) => name === 'mpesa') as Bench;

describe.concurrent('a customer of M-Pesa', () => {
  const push = ({ provider, ctx, ...opened }: AdapterBench) =>
    provider.createCheckout(ctx, opened.checkoutOf());

  it('that the prompt did not reach at first may pay late', () =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      await fake.control.mode('phone-approve-late');
      const pushed = await push(opened);
      expect(pushed.kind).toBe('pending');
      await fake.control.clock.advance(70_000);
      // 1037 is no proof that nothing is paid, as long as the push is young.
      expect((await provider.verify(ctx, opened.queryOf(pushed))).kind).toBe('pending');
      const old = { createdAt: new Date(Date.now() - 6 * 60_000) };
      expect(await provider.verify(ctx, opened.queryOf(pushed, old))).toMatchObject({
        kind: 'declined',
        code: 'no_response',
        retryable: true,
      });
      await fake.control.clock.advance(60_000);
      expect(await provider.verify(ctx, opened.queryOf(pushed))).toMatchObject({ kind: 'succeeded' });
      expect(capturesOf(opened)).toHaveLength(1);
    }));

  it.each([
    ['cancel', 'cancelled_by_customer'],
    ['insufficient', 'insufficient_funds'],
    ['wrong-pin', 'wrong_pin'],
  ])('that does "%s" has not paid: %s', (behaviour, code) =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      await fake.control.mode(`phone-${behaviour}`);
      const pushed = await push(opened);
      await fake.control.clock.advance(60_000);
      const found = await provider.verify(ctx, opened.queryOf(pushed));
      expect(found).toMatchObject({ kind: 'declined', code, retryable: true });
      expect(fake.truth.all()).toEqual([]);
    }),
  );

  it('is asked for the PIN while a push is open: said in two ways', () =>
    withAdapter(bench, async (opened) => {
      const { provider, ctx } = opened;
      const pushed = await push(opened);
      for (let time = 0; time < 2; time++) {
        expect((await provider.verify(ctx, opened.queryOf(pushed))).kind).toBe('pending');
      }
      // A second prompt is refused while the first is on the phone, and that is no failure of ours.
      expect(await push(opened)).toMatchObject({ kind: 'declined', code: 'subscriber_busy' });
    }));

  it.each(['spike-arrest', 'quota-used'])('is not told to have failed in "%s"', (mode) =>
    withAdapter(bench, async (opened) => {
      const { fake } = opened;
      await opened.provider.check(opened.ctx);
      await fake.control.mode(mode);
      expect((await push(opened)).kind).toBe('unknown');
      expect(fake.truth.all()).toEqual([]);
    }),
  );

  it('whose push was lost is found in the books, once these are open to us', () =>
    withAdapter(
      bench,
      async (opened) => {
        const { fake, provider, ctx } = opened;
        expect(await provider.registerWebhooks?.(ctx)).toEqual({ kind: 'registered' });
        fake.control.script({ match: { path: bench.chargePath }, do: { drop: 'after-commit' } });
        expect((await push(opened)).kind).toBe('unknown');
        expect((await provider.verify(ctx, opened.queryOf())).kind).toBe('unknown');
        await bench.complete(fake);
        const found = await provider.verify(ctx, opened.queryOf());
        expect(found).toMatchObject({ kind: 'succeeded', amount: AMOUNT, currency: 'KES' });
        expect(found).toHaveProperty('receipt', expect.stringMatching(/^U/));
        // Said once for all: who says it again is told so.
        expect(await provider.registerWebhooks?.(ctx)).toMatchObject({ kind: 'refused' });
      },
      { credentials: { nominatedNumber: '254712345678' } },
    ));
});
