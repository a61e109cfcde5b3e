// The same on other servers: what is said to providers.
import { describe, expect, it } from 'vitest';

import { type AdapterBench, AMOUNT, withAdapter } from '../support/adapter-bench.js';
import { type Bench, BENCHES } from '../support/contract-benches.js';

const benchOf = (name: string): Bench => {
  const bench = BENCHES.find((one) => one.name === name);
  if (!bench) throw new Error(`There is no bench ${name}.`);
  return bench;
};

async function charged({ bench, fake, provider, ctx, ...opened }: AdapterBench) {
  const outcome = await provider.chargeSaved(ctx, opened.chargeOf());
  await bench.complete(fake);
  return opened.queryOf(outcome);
}

/** What a provider says of a charge is told as it is: whether it is what was asked for is for the books to compare. */
const TOLD: readonly [string, string, object][] = [
  ['paystack', 'verify-other-amount', { kind: 'succeeded', amount: 100n, currency: 'NGN' }],
  ['paystack', 'verify-other-currency', { kind: 'succeeded', amount: AMOUNT, currency: 'USD' }],
  ['paystack', 'verify-other-domain', { kind: 'unknown' }],
  ['paystack', 'verify-metadata-empty', { kind: 'succeeded', amount: AMOUNT }],
  ['paystack', 'verify-metadata-zero', { kind: 'succeeded', amount: AMOUNT }],
  ['paystack', 'verify-metadata-text', { kind: 'succeeded', amount: AMOUNT }],
  ['paystack', 'gateway-page', { kind: 'unknown' }],
  ['paystack', 'rate-limited', { kind: 'unknown' }],
  ['flutterwave', 'verify-other-amount', { kind: 'succeeded', amount: 100n, currency: 'NGN' }],
  ['flutterwave', 'verify-charged-more', { kind: 'succeeded', amount: AMOUNT }],
  ['flutterwave', 'verify-amount-text', { kind: 'succeeded', amount: AMOUNT }],
  ['flutterwave', 'verify-amount-decimals', { kind: 'succeeded', amount: 115_035n }],
  ['flutterwave', 'gateway-page', { kind: 'unknown' }],
  ['flutterwave', 'rate-limited', { kind: 'unknown' }],
  ['mpesa', 'gateway-page', { kind: 'unknown' }],
  ['mpesa', 'spike-arrest', { kind: 'unknown' }],
];

describe.concurrent('what is asked after', () => {
  it.each(TOLD)('at %s in "%s" is told as it is', (name, mode, told) =>
    withAdapter(benchOf(name), async (opened) => {
      const query = await charged(opened);
      await opened.fake.control.mode(mode);
      expect(await opened.provider.verify(opened.ctx, query)).toMatchObject(told);
    }),
  );

  it.each(['paystack', 'flutterwave', 'stripe'])('at %s under another reference is not known', (name) =>
    withAdapter(benchOf(name), async (opened) => {
      const { fake, provider, ctx } = opened;
      const query = await charged(opened);
      const patch =
        name === 'stripe'
          ? { metadata: { reference: 'theirs' } }
          : { data: { reference: 'theirs', tx_ref: 'theirs' } };
      fake.control.script({ match: { method: 'GET' }, do: { patch } });
      expect((await provider.verify(ctx, query)).kind).toBe('unknown');
    }),
  );

  it('at Stripe in other money or of the other mode is told, or not known', () =>
    withAdapter(benchOf('stripe'), async (opened) => {
      const { fake, provider, ctx } = opened;
      const query = await charged(opened);
      const told = async (patch: Record<string, string | number | boolean>) => {
        fake.control.script({ match: { method: 'GET' }, do: { patch } });
        return provider.verify(ctx, query);
      };
      expect(await told({ amount_received: 5 })).toMatchObject({ kind: 'succeeded', amount: 5n });
      expect(await told({ currency: 'usd' })).toMatchObject({ kind: 'succeeded', currency: 'USD' });
      expect((await told({ livemode: true })).kind).toBe('unknown');
      expect((await told({ status: 'of_a_kind_to_come' })).kind).toBe('unknown');
    }));

  it('at Paystack with the fee on top is what was asked for', () =>
    withAdapter(benchOf('paystack'), async (opened) => {
      const { fake, provider, ctx } = opened;
      await fake.control.mode('customer-bears-fee');
      const query = await charged(opened);
      expect(await provider.verify(ctx, query)).toMatchObject({ kind: 'succeeded', amount: AMOUNT });
      // The payer has paid more all the same.
      expect(fake.truth.net(opened.reference())).toBeGreaterThan(AMOUNT);
    }));

  it('at Paystack right after the charge may be under way still', () =>
    withAdapter(benchOf('paystack'), async (opened) => {
      const { fake, provider, ctx } = opened;
      await fake.control.mode('verify-lags');
      const query = await charged(opened);
      expect((await provider.verify(ctx, query)).kind).toBe('pending');
      await fake.control.clock.advance(3_000);
      expect((await provider.verify(ctx, query)).kind).toBe('succeeded');
    }));

  it.each([
    ['unknown-is-400', 'flutterwave'],
    ['unknown-is-404', 'flutterwave'],
    ['verify-unknown-is-400', 'paystack'],
  ])('is not found, in "%s" at %s too', (mode, name) =>
    withAdapter(benchOf(name), async (opened) => {
      await opened.fake.control.mode(mode);
      expect(await opened.provider.verify(opened.ctx, opened.queryOf())).toEqual({ kind: 'not_found' });
    }),
  );
});

const DECLINES: readonly [string, string, string, boolean][] = [
  ['paystack', 'insufficient_funds', 'insufficient_funds', true],
  ['paystack', 'fraud', 'suspected_fraud', false],
  ['paystack', 'declined', 'declined', true],
  ['flutterwave', 'insufficient_funds', 'insufficient_funds', true],
  ['flutterwave', 'failed', 'declined', true],
  ['stripe', 'insufficient_funds', 'insufficient_funds', true],
  ['stripe', 'card_declined', 'generic_decline', true],
  ['stripe', 'lost_card', 'lost_card', false],
  ['stripe', 'expired_card', 'expired_card', false],
  ['stripe', 'processing_error', 'processing_error', true],
];

describe.concurrent('a saved method that is declined', () => {
  it.each(DECLINES)(
    'at %s for %s is declined as %s; asked again another day: %s',
    (name, outcome, code, retryable) =>
      withAdapter(benchOf(name), async (opened) => {
        const { bench, fake, provider, ctx } = opened;
        fake.control.script({ match: { method: 'POST', path: bench.chargePath }, do: { outcome } });
        const told = await provider.chargeSaved(ctx, opened.chargeOf());
        expect(told).toMatchObject({ kind: 'declined', code, retryable });
        expect(fake.truth.all()).toEqual([]);
      }),
  );

  it.each([
    ['paystack', 'card-not-reusable', { code: 'AUTH_saved' }],
    ['flutterwave', 'token-expired', { token: 'flw-t1nf-saved' }],
  ] as const)('at %s in "%s" is not tried again by itself', (name, mode, options) =>
    withAdapter(benchOf(name), async (opened) => {
      await opened.fake.control.mode(mode, options);
      const told = await opened.provider.chargeSaved(opened.ctx, opened.chargeOf());
      expect(['declined', 'rejected']).toContain(told.kind);
      if (told.kind === 'declined') expect(told.retryable).toBe(false);
    }),
  );
});

describe.concurrent('the books of a provider', () => {
  it.each(BENCHES)('of $name have what was taken in a span of time', (bench) =>
    withAdapter(
      bench,
      async (opened) => {
        const { fake, provider, ctx } = opened;
        await provider.registerWebhooks?.(ctx);
        await charged(opened);
        const hour = (hours: number) => new Date(fake.control.clock.now() + hours * 3_600_000);
        const told = await provider.reconcile(ctx, { from: hour(-1), to: hour(1) });
        const reference = bench.truthName(opened.reference());
        const charge = { reference, amount: AMOUNT, currency: bench.currency };
        expect(told).toMatchObject({ kind: 'listed', charges: [charge] });
        fake.control.script({ match: {}, do: { status: 502, body: {} }, times: 8 });
        expect((await provider.reconcile(ctx, { from: hour(-1), to: hour(1) })).kind).toBe('unknown');
      },
      bench.name === 'mpesa' ? { credentials: { nominatedNumber: '254712345678' } } : {},
    ),
  );
});

describe.concurrent('a saved method that is given up', () => {
  it('cannot be charged any more, and is given up once', () =>
    withAdapter(benchOf('paystack'), async (opened) => {
      const { bench, provider, ctx } = opened;
      for (let time = 0; time < 2; time++) {
        expect(await provider.detach?.(ctx, { token: bench.token })).toEqual({ kind: 'detached' });
      }
      expect((await provider.chargeSaved(ctx, opened.chargeOf())).kind).toBe('rejected');
    }));

  it('at Stripe is gone when Stripe does not know it', () =>
    withAdapter(benchOf('stripe'), async ({ fake, provider, ctx }) => {
      expect(await provider.detach?.(ctx, { token: 'pm_of_nobody' })).toEqual({ kind: 'detached' });
      fake.control.script({ match: {}, do: { status: 503, body: {} }, times: 8 });
      expect(await provider.detach?.(ctx, { token: 'pm_of_nobody' })).toMatchObject({ kind: 'unknown' });
    }));
});
