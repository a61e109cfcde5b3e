import type { Prisma, WebhookEndpoint } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { cancelPending } from './disable-endpoint.js';
import { checkEndpointUrl, type UrlRules } from './endpoint-url.js';
import { lockEndpoint } from './webhook-endpoints.repository.js';
import type { UpdateWebhookEndpoint } from './webhook-endpoints.schemas.js';
import type { WebhookSecrets } from './webhook-secrets.js';

/**
 * Changes an endpoint. One that is enabled again, or goes elsewhere, begins with a clean record; what happened while it
 * was disabled is not sent unless it is replayed.
 * @throws notFound, preconditionFailed, webhookUrlRefused
 */
export async function updateWebhookEndpoint(
  rules: UrlRules,
  ctx: TenantContext,
  { id, expected }: { id: string; expected: ExpectedVersions },
  input: UpdateWebhookEndpoint,
): Promise<WebhookEndpoint> {
  return ctx.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx.db, id);
    checkVersion(expected, endpoint.version);
    const now = ctx.clock.now();
    const { url, metadata, status, ...columns } = input;
    const data: Prisma.WebhookEndpointUpdateInput = { ...columns };
    if (url !== undefined) data.url = checkEndpointUrl(ctx, rules, url);
    if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(endpoint.metadata), metadata);
    if (status === 'disabled' && endpoint.status === 'enabled') {
      Object.assign(data, { status, disabledReason: 'asked', disabledAt: now });
      await cancelPending(tx, id, now);
    }
    if (status === 'enabled') Object.assign(data, { status, disabledReason: null, disabledAt: null });
    if (status === 'enabled' || url !== undefined) {
      Object.assign(data, { failures: 0, failingSince: null, pausedUntil: null });
      tx.due('webhooks', now);
    }
    return tx.db.webhookEndpoint.update({
      where: { id },
      data: { ...data, version: { increment: 1 }, updatedAt: now },
    });
  });
}

/**
 * Deletes an endpoint, the log of what it was sent, and its secrets.
 * @throws notFound, preconditionFailed
 */
export async function deleteWebhookEndpoint(
  secrets: WebhookSecrets,
  ctx: TenantContext,
  { id, expected }: { id: string; expected: ExpectedVersions },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    checkVersion(expected, (await lockEndpoint(tx.db, id)).version);
    await tx.db.webhookEndpoint.delete({ where: { id } });
  });
  await secrets.remove(ctx, id);
}
