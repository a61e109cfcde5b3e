import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { amountRule } from '../../domain/payments/provider-amounts.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import { type CredentialsOf, mainSecret, modeOfKey } from '../payments/providers/credentials.js';
import { keyOfOtherMode } from './payment-providers.errors.js';

/**
 * Refuses a key of the other mode: a test key in live mode takes no money, and a live key in test mode takes real money.
 * M-Pesa's keys do not tell of which they are; there the address that is called decides.
 * @throws keyOfOtherMode, invalidRequest for what is no key of the provider's
 */
export function checkKeyMode<P extends ProviderName>(
  provider: P,
  credentials: CredentialsOf[P],
  mode: Mode,
): void {
  if (provider === 'mpesa') return;
  const pointer = '/credentials/secretKey';
  const keyMode = modeOfKey(provider, mainSecret(provider, credentials));
  if (keyMode === mode) return;
  if (keyMode === null) {
    const message = 'does not look like a secret key of the provider';
    throw invalidRequest(`The key ${message}.`, { errors: [{ pointer, code: 'invalid_format', message }] });
  }
  throw keyOfOtherMode(`The key is one for ${keyMode} mode, and this is ${mode} mode.`, {
    errors: [{ pointer, code: keyOfOtherMode.code, message: `is a key for ${keyMode} mode` }],
  });
}

/** @throws invalidRequest for a currency that the provider does not take */
export function checkCurrencies(provider: ProviderName, currencies: readonly string[]): void {
  const at = currencies.findIndex((currency) => amountRule(provider, currency) === null);
  if (at < 0) return;
  const message = `is not taken by ${provider}`;
  throw invalidRequest(`${currencies[at]} ${message}.`, {
    errors: [{ pointer: `/currencies/${at}`, code: 'currency_not_supported', message }],
  });
}
