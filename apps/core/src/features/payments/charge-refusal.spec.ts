import { describe, expect, it } from 'vitest';

import { chargeRefusal } from './charge-refusal.js';
import { CAPABILITIES } from './providers/capabilities.js';
import { sandboxProviderAt } from './providers/sandbox-provider.js';

const sandboxProvider = sandboxProviderAt('https://nova.example');

const { paystack, mpesa } = CAPABILITIES;

describe('what a provider is not asked for', () => {
  it('is nothing of what it can do', () => {
    expect(chargeRefusal(paystack, { mode: 'live', amount: 250_000n, currency: 'NGN' })).toBeNull();
    expect(
      chargeRefusal(sandboxProvider.capabilities, { mode: 'test', amount: 1n, currency: 'XOF' }),
    ).toBeNull();
  });

  it('is a currency it does not take', () => {
    expect(chargeRefusal(mpesa, { mode: 'live', amount: 100n, currency: 'NGN' })).toMatchObject({
      kind: 'rejected',
      code: 'currency_not_supported',
    });
  });

  it('is real money, of the sandbox', () => {
    expect(
      chargeRefusal(sandboxProvider.capabilities, { mode: 'live', amount: 100n, currency: 'NGN' }),
    ).toMatchObject({
      kind: 'rejected',
      code: 'provider_not_configured',
    });
  });

  it('is an amount that it would round, or does not take', () => {
    const refusal = (amount: bigint) => chargeRefusal(mpesa, { mode: 'live', amount, currency: 'KES' });
    expect(refusal(150_000n)).toBeNull();
    expect(refusal(150_050n)).toMatchObject({ kind: 'rejected', code: 'amount_too_fine' });
    expect(refusal(25_000_100n)).toMatchObject({ kind: 'rejected', code: 'amount_too_large' });
  });
});
