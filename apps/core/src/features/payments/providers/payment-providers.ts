import { Injectable } from '@nestjs/common';

import type { PaymentProvider } from './payment-provider.js';
import { sandboxProvider } from './sandbox-provider.js';

/** The providers that this build knows, by name. */
@Injectable()
export class PaymentProviders {
  private readonly byName = new Map<string, PaymentProvider>([[sandboxProvider.name, sandboxProvider]]);

  /** The provider of a payment method or payment. A name that is not known is a bug or a downgrade, so it throws. */
  of(name: string): PaymentProvider {
    const provider = this.byName.get(name);
    if (!provider) throw new Error(`There is no payment provider ${name}.`);
    return provider;
  }

  /** Puts an adapter in place of the one of the same name. */
  use(provider: PaymentProvider): void {
    this.byName.set(provider.name, provider);
  }
}
