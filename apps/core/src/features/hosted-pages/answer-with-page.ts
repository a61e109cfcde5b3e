import { randomBytes } from 'node:crypto';

import type { FastifyReply } from 'fastify';

import { renderPage, type Page } from './pages/shell.js';

/** Answers with a page. `formsTo` are the origins beside this one that its forms may lead to. */
export function answerWithPage(reply: FastifyReply, page: Page, formsTo: readonly string[] = []): string {
  const nonce = randomBytes(16).toString('base64');
  void reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(nonce, formsTo),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  });
  return renderPage(page, { nonce });
}

/** Nothing is loaded from anywhere: a page brings its style, its script and its logo along. */
function policyOf(nonce: string, formsTo: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    ["form-action 'self'", ...formsTo].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
