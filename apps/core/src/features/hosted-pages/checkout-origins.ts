import type { ProviderUrls } from '../payments/providers/provider-clients.js';

/** Where the providers' own pages are, as of November 2026. The sandbox's is at this site. */
const PAGES: Readonly<Record<string, string>> = {
  paystack: 'https://checkout.paystack.com',
  flutterwave: 'https://checkout.flutterwave.com',
  stripe: 'https://checkout.stripe.com',
};

/** The real APIs, whose pages are elsewhere. What stands in for one has its pages where its API is. */
const REAL_API = /\.(paystack\.co|flutterwave\.com|safaricom\.co\.ke|stripe\.com)$/;

/**
 * The origins of the pages that a form may lead to, for `form-action`: browsers hold to it also where the answer to a form
 * sends them elsewhere.
 */
export function checkoutOrigins(providers: readonly string[], urls: ProviderUrls): string[] {
  const origins = providers.flatMap((provider) => {
    const page = PAGES[provider];
    if (page === undefined) return [];
    const api = new URL(urls[provider as 'paystack' | 'flutterwave' | 'stripe']);
    return [REAL_API.test(api.hostname) ? page : api.origin];
  });
  return [...new Set(origins)];
}
