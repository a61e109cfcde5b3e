const THREE_HOURS_MS = 3 * 3_600_000;

/** `yyyyMMddHHmmss` of Nairobi, as M-Pesa writes moments. */
export const eastAfricaTime = (ms: number): string =>
  new Date(ms + THREE_HOURS_MS).toISOString().replace(/\D/g, '').slice(0, 14);
