import type { WebhookEndpoint } from '@nova/prisma-tenant';

import { html } from '../../platform/mail/html.js';
import type { Mailer, OutgoingMail } from '../../platform/mail/mailer.js';
import type { CentralClient } from '../../tenancy/central/central-database.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';

/** Who looks after a tenant's integration. */
const NOTIFIED_ROLES = ['owner', 'admin', 'developer'];

export interface NotifyDeps {
  readonly mailer: Mailer;
  readonly central: CentralClient;
  readonly publicUrl: string;
}

const REASONS: Readonly<Record<string, string>> = {
  gone: 'It answered 410 Gone, which asks for nothing to be sent any more.',
  failing: 'Nothing has reached it for five days.',
};

/** Tells those who look after a tenant's integration that an endpoint was disabled; nobody if it was enabled again. */
export async function notifyDisabled(
  deps: NotifyDeps,
  ctx: TenantContext,
  endpointId: string,
): Promise<void> {
  const endpoint = await ctx.db.webhookEndpoint.findUnique({ where: { id: endpointId } });
  if (endpoint?.status !== 'disabled') return;
  const members = await deps.central.membership.findMany({
    where: { tenantId: ctx.tenantId, role: { in: NOTIFIED_ROLES }, user: { status: 'active' } },
    select: { id: true, user: { select: { email: true } } },
    orderBy: { id: 'asc' },
  });
  for (const { id, user } of members) {
    await deps.mailer.send(disabledMail(ctx, endpoint, { to: user.email, memberId: id, ...deps }));
  }
}

function disabledMail(
  ctx: TenantContext,
  endpoint: WebhookEndpoint,
  { to, memberId, publicUrl }: { to: string; memberId: string; publicUrl: string },
): OutgoingMail {
  const what = `${ctx.tenant.name} (${ctx.mode} mode): the webhook endpoint ${endpoint.url} was disabled.`;
  const why = REASONS[endpoint.disabledReason ?? ''] ?? '';
  const next =
    `Once it works again, enable it with PATCH ${publicUrl}/api/webhook-endpoints/${endpoint.id} ` +
    `and {"status":"enabled"}, and send it what it has missed with POST …/${endpoint.id}/replay.`;
  const since = endpoint.disabledAt?.getTime().toString(36) ?? '0';
  return {
    to,
    subject: `A webhook endpoint of ${ctx.tenant.name} was disabled`,
    text: [what, why, next].join('\n\n'),
    html: html`<p>${what}</p>
      <p>${why}</p>
      <p>${next}</p>`.text,
    messageId: `<${endpoint.id}-${since}-${memberId}@${new URL(publicUrl).hostname}>`,
  };
}
