// The same on other servers: what is said to providers.
import { describe, expect, it } from 'vitest';

import type { Behaviour } from '../fakes/frame/scripts.js';
import { AMOUNT, type AdapterBench, withAdapter } from '../support/adapter-bench.js';
import { BENCHES } from '../support/contract-benches.js';

interface Fault {
  readonly what: string;
  readonly behaviour: Behaviour;
  readonly commits: boolean;
}

/** Whatever keeps a provider's answer from being a clear one. */
const FAULTS: readonly Fault[] = [
  { what: 'the line breaks after the charge', behaviour: { drop: 'after-commit' }, commits: true },
  { what: 'the line breaks before the charge', behaviour: { drop: 'before' }, commits: false },
  { what: 'a 503 hides the charge', behaviour: { status: 503, commit: true, body: {} }, commits: true },
  { what: 'a 500 comes without a charge', behaviour: { status: 500, body: {} }, commits: false },
  { what: 'a gateway shows a page', behaviour: { malformed: 'html', commit: true }, commits: true },
  { what: 'a page comes as a success', behaviour: { malformed: 'html', status: 200 }, commits: false },
  { what: 'the answer is cut in half', behaviour: { malformed: 'truncated' }, commits: true },
  { what: 'the answer is empty', behaviour: { malformed: 'empty', commit: true }, commits: true },
  { what: 'the answer is a list', behaviour: { status: 200, body: [], commit: true }, commits: true },
  { what: 'the answer is no more than JSON', behaviour: { status: 200, body: {} }, commits: false },
  {
    what: 'too many requests are made',
    behaviour: { status: 429, headers: { 'retry-after': '2' }, body: { status: false } },
    commits: false,
  },
  {
    what: 'the answer is elsewhere',
    behaviour: { status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: {} },
    commits: false,
  },
];

/** Stripe's SDK asks again by itself, with the same key. */
const TIMES = 8;
const table = BENCHES.flatMap((bench) =>
  FAULTS.map((fault) => ({ bench, fault, name: bench.name, ...fault })),
);

describe.concurrent('a charge of which nothing clear is heard', () => {
  it.each(table)('is unknown at $name when $what, and taken once at most', ({ bench, fault }) =>
    withAdapter(bench, async (opened) => {
      const { fake, provider, ctx } = opened;
      const match = { method: 'POST', path: bench.chargePath };
      fake.control.script({ match, do: fault.behaviour, times: TIMES });
      const outcome = await provider.chargeSaved(ctx, opened.chargeOf());
      expect(outcome.kind).toBe('unknown');
      fake.control.scripts.clear();
      if (fault.commits) await bench.complete(fake);
      await expectFound(opened, fault);
      // Asked for again under its name, it is not taken again. Nobody does that where a charge may be doubled so.
      if (!provider.capabilities.repeatsSafely) return;
      expect(await provider.chargeSaved(ctx, opened.chargeOf())).toMatchObject({ kind: 'succeeded' });
      expect(fake.truth.captures(bench.truthName(opened.reference()))).toHaveLength(1);
    }),
  );
});

/** What is found of it by its name: what was taken, or that nothing was. */
async function expectFound({ bench, fake, provider, ctx, ...opened }: AdapterBench, { commits }: Fault) {
  const captured = fake.truth.captures(bench.truthName(opened.reference()));
  expect(captured).toHaveLength(commits ? 1 : 0);
  const later = await provider.verify(ctx, opened.queryOf());
  if (!bench.findsLostCharges) expect(later.kind).toBe('unknown');
  else if (commits)
    expect(later).toMatchObject({ kind: 'succeeded', amount: AMOUNT, currency: bench.currency });
  else expect(later).toEqual({ kind: 'not_found' });
}

describe.concurrent.each(BENCHES)('a charge at $name', (bench) => {
  it('comes to what was asked for, once, however often it is asked after', () =>
    withAdapter(bench, async ({ fake, provider, ctx, ...opened }) => {
      const outcome = await provider.chargeSaved(ctx, opened.chargeOf());
      await bench.complete(fake);
      for (let time = 0; time < 2; time++) {
        const found = await provider.verify(ctx, opened.queryOf(outcome));
        expect(found).toMatchObject({ kind: 'succeeded', amount: AMOUNT, currency: bench.currency });
      }
      expect(fake.truth.captures(bench.truthName(opened.reference()))).toHaveLength(1);
    }));

  it('is rejected when the credentials are not good, and nothing is taken', () =>
    withAdapter(bench, async ({ fake, provider, ctx, ...opened }) => {
      const match = bench.name === 'mpesa' ? { path: '/oauth/*' } : { method: 'POST' };
      const body = { message: 'Invalid key', error: { type: 'invalid_request_error', message: 'no' } };
      fake.control.script({ match, do: { status: 401, body }, times: TIMES });
      expect((await provider.chargeSaved(ctx, opened.chargeOf())).kind).toBe('rejected');
      expect(fake.truth.all()).toEqual([]);
      fake.control.script({ match: {}, do: { status: 401, body }, times: TIMES });
      expect((await provider.check(ctx)).kind).toBe('refused');
    }));

  it('is rejected before it is made for a sum that the provider would round or refuse', () =>
    withAdapter(bench, async ({ fake, provider, ctx, ...opened }) => {
      const { currency } = bench;
      const amount = bench.name === 'mpesa' ? 150_050n : bench.name === 'paystack' ? 4_999n : 0n;
      const charge = opened.chargeOf({ amount, currency });
      expect(await provider.chargeSaved(ctx, charge)).toMatchObject({ kind: 'rejected' });
      const other = opened.chargeOf({ currency: 'DZD' });
      const outcome = await provider.chargeSaved(ctx, other);
      if (bench.name !== 'stripe')
        expect(outcome).toMatchObject({ kind: 'rejected', code: 'currency_not_supported' });
      const posts = fake.control.journal().filter(({ path }) => path === bench.chargePath);
      expect(posts).toHaveLength(bench.name === 'stripe' ? 1 : 0);
    }));

  it('that was made in other words before is none that failed', () =>
    withAdapter(bench, async ({ fake, provider, ctx, ...opened }) => {
      if (!provider.capabilities.repeatsSafely) return;
      await provider.chargeSaved(ctx, opened.chargeOf());
      const again = await provider.chargeSaved(ctx, opened.chargeOf({ description: 'Renamed: invoice 1' }));
      expect(['succeeded', 'unknown']).toContain(again.kind);
      expect(await provider.verify(ctx, opened.queryOf())).toMatchObject({ kind: 'succeeded' });
      expect(fake.truth.captures(opened.reference())).toHaveLength(1);
    }));

  it('that nobody has heard of is told so, or is not known', () =>
    withAdapter(bench, async ({ provider, ctx, ...opened }) => {
      const found = await provider.verify(ctx, opened.queryOf());
      expect(found.kind).toBe(bench.name === 'mpesa' ? 'unknown' : 'not_found');
    }));
});
