import type { Prisma } from '@nova/prisma-central';

import type { CentralClient } from '../../../tenancy/central/central-database.js';

/**
 * What central knows of the tenant and its people, as an export tells it: neither hashes nor tokens. A mode's keys go
 * with the mode.
 */
export async function readAccount(
  db: CentralClient,
  { tenantId, mode }: { tenantId: string; mode: string },
): Promise<Prisma.TenantGetPayload<{ select: typeof ACCOUNT }> & { apiKeys: unknown[] }> {
  const [account, apiKeys] = await Promise.all([
    db.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: ACCOUNT }),
    db.apiKey.findMany({
      where: { tenantId, mode },
      orderBy: { id: 'asc' },
      select: {
        id: true,
        kind: true,
        name: true,
        hint: true,
        scopes: true,
        createdAt: true,
        expiresAt: true,
        revokedAt: true,
      },
    }),
  ]);
  return { ...account, apiKeys };
}

const ACCOUNT = {
  id: true,
  slug: true,
  name: true,
  status: true,
  country: true,
  currency: true,
  timeZone: true,
  region: true,
  settings: true,
  createdAt: true,
  memberships: {
    orderBy: { id: 'asc' },
    select: { role: true, createdAt: true, user: { select: { id: true, email: true, name: true } } },
  },
} as const satisfies Prisma.TenantSelect;
