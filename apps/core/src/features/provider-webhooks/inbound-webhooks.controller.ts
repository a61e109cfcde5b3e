import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

import { isProviderName, type ProviderName } from '../../domain/payments/provider-amounts.js';
import { bodyTooLarge, notFound } from '../../platform/errors/common-errors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { RAW_BODY } from '../../platform/http/raw-body.js';
import type { NovaRequest } from '../../platform/http/request.js';
import { webhookAddressNotShared, webhookForged, webhookTenantUnknown } from './provider-webhooks.errors.js';
import { RECEIVED, TokenParamSchema, WebhookReceivedSchema } from './webhook-answers.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** Where Paystack, Flutterwave and Stripe send their webhooks to. */
@Controller('webhooks')
export class InboundWebhooksController {
  constructor(private readonly receiver: WebhookReceiver) {}

  @Post(':provider/:token')
  @RouteConfig(RAW_BODY)
  @Endpoint({
    summary: 'Receive a webhook of an account with a payment provider',
    description:
      'Called by Paystack, Flutterwave and Stripe, at the address that the account was answered with. The body is held against the account’s own secret, byte for byte, and kept before it is answered; sent twice it is kept once. What it tells is asked after before any value is given.',
    access: 'public',
    rateLimit: 'none',
    idempotency: 'ignored',
    returns: WebhookReceivedSchema,
    errors: [webhookForged, notFound, webhookAddressNotShared, bodyTooLarge],
    operationId: 'receiveProviderWebhook',
  })
  async receive(
    @Param('provider') provider: string,
    @Param('token', { schema: TokenParamSchema }) token: string,
    @Req() request: NovaRequest,
    @Body() body: Buffer | undefined,
  ) {
    const name = signing(provider);
    const account = await this.receiver.accountAt(name, token);
    await this.receiver.receive(account, incoming(name, request, body));
    return RECEIVED;
  }

  @Post(':provider')
  @RouteConfig(RAW_BODY)
  @Endpoint({
    summary: 'Receive a webhook at the address that all tenants share',
    description:
      'Called by Paystack, Flutterwave and Stripe. Whose webhook it is, is what our reference in it says; it is then held against that tenant’s own secret. What names no reference of ours, such as a dispute at Stripe, has to be sent to the account’s own address.',
    access: 'public',
    rateLimit: 'none',
    idempotency: 'ignored',
    returns: WebhookReceivedSchema,
    errors: [webhookForged, webhookTenantUnknown, webhookAddressNotShared, notFound, bodyTooLarge],
    operationId: 'receiveSharedProviderWebhook',
  })
  async receiveShared(
    @Param('provider') provider: string,
    @Req() request: NovaRequest,
    @Body() body: Buffer | undefined,
  ) {
    await this.receiver.receiveShared(incoming(signing(provider), request, body));
    return RECEIVED;
  }
}

type SigningProvider = Exclude<ProviderName, 'mpesa'>;

/** @throws webhookAddressNotShared, notFound */
function signing(name: string): SigningProvider {
  const provider = name === 'daraja' ? 'mpesa' : name;
  if (!isProviderName(provider)) throw notFound('There is no such payment provider.');
  if (provider === 'mpesa') {
    throw webhookAddressNotShared(
      'M-Pesa proves nothing of what it sends, so that only an address which nobody else knows speaks for it: the account’s own, /api/webhooks/daraja/{token}, which `POST /payment-providers` answers with.',
    );
  }
  return provider;
}

function incoming(provider: SigningProvider, { headers, ip }: NovaRequest, body: Buffer | undefined) {
  const rawBody = body ?? Buffer.alloc(0);
  return { provider, rawBody, headers, from: ip };
}
