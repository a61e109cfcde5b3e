import { PROVIDER_NAMES, type ProviderName } from '@nova/core/domain/payments/provider-amounts.js';
import { z } from 'zod';

const FakesSchema = z.array(
  z.object({ name: z.string(), url: z.string(), keys: z.record(z.string(), z.string()) }),
);

/** A fake payment provider, with what its merchant has to know. */
export interface Fake {
  readonly provider: ProviderName;
  readonly keys: Readonly<Record<string, string>>;
}

/** The fakes that a platform with these addresses of providers meets. Who has named another address has no use for their keys. */
export async function readFakes(
  fakesUrl: string,
  providerUrls: Readonly<Record<string, string>>,
): Promise<Fake[]> {
  const answer = await fetch(`${fakesUrl}/fakes.json`);
  const urls = Object.values(providerUrls);
  return FakesSchema.parse(await answer.json()).flatMap(({ name, url, keys }) => {
    const provider = PROVIDER_NAMES.find((known) => known === name.toLowerCase().replace('-', ''));
    return provider && urls.some((used) => used.startsWith(url)) ? [{ provider, keys }] : [];
  });
}
