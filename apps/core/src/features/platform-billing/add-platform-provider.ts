import { newId } from '../../platform/ids/new-id.js';
import { operatorCaller } from '../audit/operator-caller.js';
import { createPaymentProvider } from '../payment-providers/create-payment-provider.js';
import type { CreatePaymentProvider } from '../payment-providers/payment-providers.schemas.js';
import type { ProviderDesk } from '../payment-providers/provider-desk.js';
import { ensurePlatform, type PlatformDeps } from './ensure-platform.js';
import type { BooksRequest } from './platform-tenant.js';

/** An account of the platform's with a payment provider, as its operator is told of it. */
export interface PlatformProvider {
  readonly id: string;
  readonly provider: string;
  readonly currencies: readonly string[];
  /** To be put where the provider asks for a webhook URL. */
  readonly webhookUrl: string;
}

/**
 * Keeps an account of the platform's own, by which tenants pay it. Its books are of live mode, and so are the credentials.
 * @throws payment_provider_exists, key_of_other_mode, invalid_request, platform_billing_off
 */
export async function addPlatformProvider(
  deps: PlatformDeps,
  desk: ProviderDesk,
  input: CreatePaymentProvider,
): Promise<PlatformProvider> {
  if (deps.platform.isOn) await ensurePlatform(deps);
  return deps.platform.inBooks(byOperator(), async (books) => {
    const made = await createPaymentProvider(desk, books, { id: newId('ppa'), input });
    const { id, provider, currencies } = made.account;
    return { id, provider, currencies, webhookUrl: made.webhookUrl };
  });
}

/** Whoever is logged in on this machine. */
function byOperator(): BooksRequest {
  const { id } = operatorCaller(null).actor;
  return { actor: { type: 'operator', id }, requestId: null, ip: null };
}
