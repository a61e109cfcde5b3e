import type { WebhookEndpoint } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { checkEndpointUrl, type UrlRules } from './endpoint-url.js';
import type { CreateWebhookEndpoint } from './webhook-endpoints.schemas.js';
import { newWebhookSecret } from './webhook-secret.js';
import type { WebhookSecrets } from './webhook-secrets.js';
import { webhookEndpointLimit } from './webhooks.errors.js';

export interface EndpointDeps extends UrlRules {
  readonly secrets: WebhookSecrets;
  readonly endpointsMax: number;
}

/** An endpoint, and the secret that is shown with it. */
export interface NewEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** Any number that no other lock of a tenant's database has. */
const COUNT_LOCK = 7_113_001;

/**
 * Makes an endpoint. Its secret is kept first: a crash in between leaves a secret of nobody's, which is tidied away, and
 * never an endpoint that cannot sign. Asked again with the same id, it answers with what there is.
 * @throws webhookUrlRefused, webhookEndpointLimit
 */
export async function createWebhookEndpoint(
  deps: EndpointDeps,
  ctx: TenantContext,
  { id, input }: { id: string; input: CreateWebhookEndpoint },
): Promise<NewEndpoint> {
  const url = checkEndpointUrl(ctx, deps, input.url);
  const secret = await deps.secrets.begin(ctx, id, input.secret ?? newWebhookSecret());
  const endpoint = await ctx.transaction(async (tx) => {
    const known = await tx.db.webhookEndpoint.findUnique({ where: { id } });
    if (known) return known;
    await tx.db.$queryRaw`SELECT 1 AS held FROM pg_advisory_xact_lock(${COUNT_LOCK})`;
    if ((await tx.db.webhookEndpoint.count()) >= deps.endpointsMax) {
      throw webhookEndpointLimit(`There may be ${deps.endpointsMax}. Delete those not in use.`);
    }
    const now = ctx.clock.now();
    const disabled = input.status === 'disabled' ? { disabledReason: 'asked', disabledAt: now } : {};
    return tx.db.webhookEndpoint.create({
      data: {
        id,
        url,
        description: input.description ?? null,
        eventTypes: input.eventTypes,
        status: input.status,
        ...disabled,
        metadata: input.metadata,
        createdAt: now,
        updatedAt: now,
      },
    });
  });
  return { endpoint, secret };
}
