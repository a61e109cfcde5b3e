import http from 'node:http';
import https from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';

import type { AddressPolicy } from './address-policy.js';
import { type Resolve, resolveHost } from './resolve-host.js';

/** Connections that are kept for the next request to the same place. */
const IDLE_PER_HOST = 8;
const PER_HOST = 128;
const IDLE_MS = 15_000;

export interface GuardedAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/**
 * Agents that connect to nothing but what the policy admits: the name is looked up here, and the connection goes to
 * the address that was checked. They are not asked about addresses written as such, which the caller checks.
 */
export function guardedAgents(policy: AddressPolicy, resolve: Resolve): GuardedAgents {
  const options = {
    keepAlive: true,
    maxSockets: PER_HOST,
    maxFreeSockets: IDLE_PER_HOST,
    scheduling: 'lifo' as const,
    timeout: IDLE_MS,
    lookup: guardedLookup(policy, resolve),
  };
  return { http: new http.Agent(options), https: new https.Agent(options) };
}

function guardedLookup(policy: AddressPolicy, resolve: Resolve): LookupFunction {
  const look: (...asked: Parameters<LookupFunction>) => Promise<void> = async (
    hostname,
    options,
    callback,
  ) => {
    try {
      const addresses = await resolveHost(policy, resolve, hostname);
      const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
      if (options.all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), '');
    }
  };
  return (...asked) => void look(...asked);
}
