import type { TenantContext } from '../../tenancy/tenant-context.js';
import { readJson } from '../../platform/http-client/read-json.js';
import { detachPaymentMethod } from '../payment-methods/detach-payment-method.js';
import { textAt } from '../payments/providers/json-fields.js';
import { type DueWebhook, ignored, processed, type WebhookResult } from './webhook-result.js';

/** The events that say that a saved method can be charged no more, and where they name it. */
const DETACHED: Readonly<Partial<Record<string, readonly string[]>>> = {
  'payment_method.detached': ['data', 'object', 'id'],
  'direct_debit.authorization.deactivated': ['data', 'authorization_code'],
};
/** Those that say that a card was replaced by its bank: its token stays, and what is printed on it is another. */
const RENEWED: ReadonlySet<string> = new Set([
  'payment_method.automatically_updated',
  'payment_method.updated',
]);

/** Keeps saved methods as the provider has them: one that was given up there is detached here. */
export async function processMethod(
  ctx: TenantContext,
  { id, provider, event }: DueWebhook,
): Promise<WebhookResult> {
  const path = DETACHED[event.type];
  if (!path && !RENEWED.has(event.type)) return ignored('It tells of nothing that is kept here.');
  const { body } = await ctx.db.providerWebhook.findUniqueOrThrow({ where: { id }, select: { body: true } });
  const json = readJson(Buffer.from(body).toString('utf8'));
  const token = textAt(json, ...(path ?? ['data', 'object', 'id']));
  if (token === null) return ignored('It names no payment method.');
  const saved = await ctx.db.paymentMethod.findMany({
    where: { provider, token, detachedAt: null },
    select: { id: true },
  });
  if (saved.length === 0) return ignored('The payment method is not saved here.');
  if (!path) return relabel(ctx, { provider, token }, json);
  for (const method of saved) await detachPaymentMethod(ctx, method.id);
  return processed('The payment method was given up at the provider, and is detached.');
}

async function relabel(
  ctx: TenantContext,
  method: { provider: string; token: string },
  json: unknown,
): Promise<WebhookResult> {
  const brand = textAt(json, 'data', 'object', 'card', 'brand');
  const last4 = textAt(json, 'data', 'object', 'card', 'last4');
  if (brand === null || last4 === null) return ignored('It says nothing of a card.');
  const label = `${brand} ending in ${last4}`;
  await ctx.transaction((tx) =>
    tx.db.paymentMethod.updateMany({ where: { ...method, detachedAt: null }, data: { label } }),
  );
  return processed('The card was renewed by its bank.');
}
