import { createHash, timingSafeEqual } from 'node:crypto';

import { forbidden, unauthenticated } from '../../platform/errors/common-errors.js';
import type { NovaRequest } from '../../platform/http/request.js';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const FORWARDED_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Lets in who shows the token. Where none is configured, only this machine itself may look; what came over a proxy did
 * not come from this machine, even when the proxy did.
 * @throws unauthenticated, forbidden
 */
export function admitToMetrics(
  request: Pick<NovaRequest, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  token: string | null,
): void {
  if (token === null) {
    const direct = FORWARDED_HEADERS.every((name) => request.headers[name] === undefined);
    if (direct && LOOPBACK.test(request.socket.remoteAddress ?? '')) return;
    throw forbidden('Metrics are for this machine only, unless METRICS_TOKEN is set.');
  }
  const shown = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (shown === undefined || !sameText(shown, token))
    throw unauthenticated('Show the metrics token as a bearer token.');
}

/** Compares without telling by its duration how much of a guess was right. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
