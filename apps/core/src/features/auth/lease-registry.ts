import type { RequestLease } from './request-lease.js';

/** Beside the request and not on it, so that no handler gets hold of it. */
const leases = new WeakMap<object, RequestLease>();

/** Remembers the lease of a request until the request is gone. */
export function rememberLease(request: object, lease: RequestLease): void {
  leases.set(request, lease);
}

export function leaseOf(request: object): RequestLease | undefined {
  return leases.get(request);
}
