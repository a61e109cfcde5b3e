import type { TenantContext } from '../../tenancy/tenant-context.js';
import { requireEndpoint } from './webhook-endpoints.repository.js';
import type { RotateWebhookSecret } from './webhook-endpoints.schemas.js';
import { newWebhookSecret } from './webhook-secret.js';
import type { WebhookSecrets } from './webhook-secrets.js';

/** The secret that an endpoint signs with from now on, and until when the one before it signs too. */
export interface RotatedSecret {
  readonly secret: string;
  readonly previousUntil: Date | null;
}

/**
 * Gives an endpoint another secret. For the overlap both sign, so that receivers can be changed one after the other. A
 * secret that was to sign for longer than this overlap ends with it.
 * @throws notFound
 */
export async function rotateWebhookSecret(
  secrets: WebhookSecrets,
  ctx: TenantContext,
  rotation: { id: string; secretId: string; input: RotateWebhookSecret },
): Promise<RotatedSecret> {
  const { id, secretId, input } = rotation;
  await requireEndpoint(ctx.db, id);
  const until = new Date(ctx.clock.now().getTime() + input.overlapSeconds * 1_000);
  const secret = await secrets.replace(ctx, {
    id: secretId,
    endpointId: id,
    secret: input.secret ?? newWebhookSecret(),
    until,
  });
  return { secret, previousUntil: input.overlapSeconds > 0 ? until : null };
}
