import type { FastifyRequest } from 'fastify';

import { forbidden } from '../../platform/errors/common-errors.js';

/**
 * Refuses a form that a browser says another site has sent. The address is the secret that lets one pay, so this only
 * keeps a site that has got hold of one from using its visitors to do so. Our pages send no referrer, and with that
 * policy browsers name the origin `null`, so it is Sec-Fetch-Site that decides where it is sent.
 * @throws forbidden
 */
export function refuseForeignForms(
  { headers, host }: Pick<FastifyRequest, 'headers' | 'host'>,
  publicUrl: string,
): void {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  const isOurs =
    site === undefined
      ? origin === undefined || origin === 'null' || isOurOrigin(origin, host, publicUrl)
      : site === 'same-origin' || site === 'none';
  if (!isOurs) throw forbidden('The form was sent from another site.');
}

function isOurOrigin(origin: string, host: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  return new URL(origin).host === host || origin === new URL(publicUrl).origin;
}
