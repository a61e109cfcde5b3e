import { HttpStatus } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import type { NovaRequest } from '../../platform/http/request.js';
import type { ProviderUrls } from '../payments/providers/provider-clients.js';
import { answerWithPage } from './answer-with-page.js';
import { checkoutOrigins } from './checkout-origins.js';
import type { ShownPage } from './show-invoice.js';

interface PageExchange {
  readonly request: NovaRequest;
  readonly reply: FastifyReply;
}

/** Answers with a page, its status, and the policy that its forms need. */
export function sendPage(
  { request, reply }: PageExchange,
  { page, status, providers }: ShownPage,
  urls: ProviderUrls,
): string {
  request.answerStatus = status;
  return answerWithPage(reply, page, checkoutOrigins(providers, urls));
}

/** Sends a browser on, with GET whatever it came with. */
export function goTo({ request, reply }: PageExchange, to: string): string {
  request.answerStatus = HttpStatus.SEE_OTHER;
  void reply.headers({ location: to, 'content-type': 'text/html; charset=utf-8' });
  return '';
}
