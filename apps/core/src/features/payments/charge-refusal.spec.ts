import { describe, expect, it } from 'vitest';

import { chargeRefusal } from './charge-refusal.js';
import type { ProviderCapabilities } from './providers/payment-provider.js';
import { sandboxProvider } from './providers/sandbox-provider.js';

const nairaOnly: ProviderCapabilities = { modes: ['test', 'live'], currencies: ['NGN'], repeatsSafely: true };

describe('what a provider is not asked for', () => {
  it('is nothing of what it can do', () => {
    expect(chargeRefusal(nairaOnly, { mode: 'live', currency: 'NGN' })).toBeNull();
    expect(chargeRefusal(sandboxProvider.capabilities, { mode: 'test', currency: 'XOF' })).toBeNull();
  });

  it('is a currency it does not take', () => {
    expect(chargeRefusal(nairaOnly, { mode: 'live', currency: 'KES' })).toMatchObject({
      kind: 'rejected',
      code: 'currency_not_supported',
    });
  });

  it('is real money, of the sandbox', () => {
    expect(chargeRefusal(sandboxProvider.capabilities, { mode: 'live', currency: 'NGN' })).toMatchObject({
      kind: 'rejected',
      code: 'provider_not_configured',
    });
  });
});
