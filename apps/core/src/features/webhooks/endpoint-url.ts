import { type AddressPolicy, literalHost } from '../../platform/outbound/address-policy.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { webhookUrlRefused } from './webhooks.errors.js';

/** Where webhooks may go. */
export interface UrlRules {
  readonly policy: AddressPolicy;
  /** Whether `http` will do in test mode: not where the platform is in production. */
  readonly plainHttp: 'refused' | 'in_test_mode';
}

/**
 * Refuses an address that nothing would be sent to. A name is looked up when something is sent, every time anew: where
 * it points today says nothing.
 * @returns the address as it is stored
 * @throws webhookUrlRefused
 */
export function checkEndpointUrl(ctx: Pick<TenantContext, 'mode'>, rules: UrlRules, text: string): string {
  const url = new URL(text);
  const refuse = (message: string) =>
    webhookUrlRefused(message, { errors: [{ pointer: '/url', code: 'refused', message }] });
  const plainIsGood = rules.plainHttp === 'in_test_mode' && ctx.mode === 'test';
  if (url.protocol !== 'https:' && !plainIsGood) throw refuse('Only https is secret enough here.');
  if (url.username !== '' || url.password !== '') {
    throw refuse('Deliveries are signed; they do not log in with a name and a password.');
  }
  const literal = literalHost(url.hostname);
  if (literal !== null && !rules.policy.admits(literal)) {
    throw refuse(`${url.hostname} is not a public address.`);
  }
  url.hash = '';
  return url.href;
}
