import dns from 'node:dns/promises';

import type { AddressPolicy } from './address-policy.js';
import { RefusedAddress } from './outbound-errors.js';

const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks DNS, without the few threads that the machine's own look-up waits in: names whose servers do not answer would
 * keep them from everybody else.
 */
export function dnsResolve(): Resolve {
  const resolver = new dns.Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  return async (hostname) => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [first] = answers;
    if (found.length === 0) throw first.status === 'rejected' ? first.reason : new Error('No addresses.');
    return found;
  };
}

/** The same, and the machine's own look-up for names that only this machine or its network knows: for development. */
export function localResolve(): Resolve {
  const ask = dnsResolve();
  const look = async (hostname: string) =>
    (await dns.lookup(hostname, { all: true })).map(({ address }) => address);
  return async (hostname) => {
    if (hostname === 'localhost') return look(hostname);
    return ask(hostname).catch(() => look(hostname));
  };
}

/**
 * The addresses to connect to, of a name that is looked up once. A name with one address that is refused is refused:
 * whoever mixes public and private ones wants to be let in by the other door.
 * @throws RefusedAddress
 */
export async function resolveHost(
  policy: AddressPolicy,
  resolve: Resolve,
  hostname: string,
): Promise<readonly string[]> {
  const addresses = await resolve(hostname);
  if (addresses.length === 0 || !addresses.every((address) => policy.admits(address))) {
    throw new RefusedAddress(hostname);
  }
  return addresses;
}
