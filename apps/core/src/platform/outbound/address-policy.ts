import ipaddr from 'ipaddr.js';

/** Addresses that are neither ours nor the machine's: everything else is refused unless it is allowed by name. */
const PUBLIC_RANGE = 'unicast';
/** All that is given to anybody of IPv6 so far; what is outside, such as IPv4 in `::/96`, leads elsewhere. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Which addresses requests to places that others name may go to: public ones, and the networks that the operator
 * allows. What stands for another address (IPv4 in IPv6, NAT64, 6to4) is none of the public ones.
 */
export class AddressPolicy {
  private readonly allowed: readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

  /** @param networks such as `127.0.0.0/8` and `::1` */
  constructor(networks: readonly string[]) {
    this.allowed = networks.map(readNetwork);
  }

  /** Whether the operator allows networks that are not public, as in development. */
  get isOpen(): boolean {
    return this.allowed.length > 0;
  }

  /** Whether requests may go to this address. What is no address is refused. */
  admits(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    if (isPublic(parsed)) return true;
    return this.allowed.some(([network, bits]) => isWithin(parsed, network, bits));
  }
}

/** The address that a URL's host is, without the brackets of IPv6; null for a name. */
export function literalHost(hostname: string): string | null {
  const bare = hostname.replaceAll(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== PUBLIC_RANGE) return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_IPV6);
}

function readNetwork(text: string): readonly [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isWithin(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  network: ipaddr.IPv4 | ipaddr.IPv6,
  bits: number,
): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}
