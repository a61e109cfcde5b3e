import { isIPv6 } from 'node:net';

const GROUPS_OF_NETWORK = 4;
const GROUPS = 8;

/**
 * What requests from an address are counted under. A network gives each of its customers a /64 of IPv6 at the least, so
 * that a single address of it means nothing: its network is counted.
 */
export function addressGroup(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(ip)) return ip;
  const [address = ''] = ip.split('%', 1);
  const [head = '', tail] = address.split('::');
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const gap = Array.from({ length: GROUPS - first.length - last.length }, () => '0');
  return `${[...first, ...gap, ...last].slice(0, GROUPS_OF_NETWORK).join(':')}::/64`;
}

function groupsOf(part: string): string[] {
  if (part === '') return [];
  // An IPv4 address at the end stands for two groups, neither of them in the network's part.
  return part.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [plain(group)]));
}

function plain(group: string): string {
  return Number.parseInt(group, 16).toString(16);
}
