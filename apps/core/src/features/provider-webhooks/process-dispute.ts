import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordDispute } from '../disputes/record-dispute.js';
import { type DueWebhook, ignored, processed, type WebhookResult } from './webhook-result.js';

/** Writes down where a dispute stands. No money moves by it. */
export async function processDispute(
  ctx: TenantContext,
  { provider, event }: DueWebhook,
): Promise<WebhookResult> {
  const { dispute, reference, providerPaymentId, claims } = event;
  if (!dispute) return ignored('It does not say how the dispute stands.');
  const { status } = await ctx.transaction((tx) =>
    recordDispute(ctx, tx, { ...dispute, ...claims, provider, reference, providerPaymentId }),
  );
  return processed(`The dispute is ${status.replace('_', ' ')}.`);
}
