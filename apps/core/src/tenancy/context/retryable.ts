/** SQLSTATEs of a transaction that was rolled back for the sake of another: serialization failure and deadlock. */
const RETRYABLE_STATES = new Set(['40001', '40P01']);
/** Prisma's own name for the same. */
const PRISMA_WRITE_CONFLICT = 'P2034';

/** Whether the transaction that failed with `error` may succeed when it is run again from its start. */
export function isRetryable(error: unknown): boolean {
  for (let depth = 0, at: unknown = error; depth < 6 && typeof at === 'object' && at !== null; depth++) {
    const { code, originalCode, meta, cause } = at as Record<
      'code' | 'originalCode' | 'meta' | 'cause',
      unknown
    >;
    if (code === PRISMA_WRITE_CONFLICT) return true;
    if (isState(code) || isState(originalCode)) return true;
    at = cause ?? driverErrorOf(meta);
  }
  return false;
}

function isState(code: unknown): boolean {
  return typeof code === 'string' && RETRYABLE_STATES.has(code);
}

function driverErrorOf(meta: unknown): unknown {
  if (typeof meta !== 'object' || meta === null) return null;
  const { code, driverAdapterError } = meta as Record<'code' | 'driverAdapterError', unknown>;
  return driverAdapterError ?? (isState(code) ? { code } : null);
}
