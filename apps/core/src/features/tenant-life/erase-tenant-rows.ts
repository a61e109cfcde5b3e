import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';

/**
 * Removes what central knows of a tenant: its keys, sessions, people, databases and the work they had. What stays is the
 * tenant's row with its id and slug, which keeps the slug from being given to somebody else, and the audit log. Users who
 * belong to nobody else are removed, and their e-mail addresses are free again.
 */
export async function eraseTenantRows(
  tx: CentralTransaction,
  { id: tenantId, slug }: { id: string; slug: string },
): Promise<void> {
  const databaseIds = await idsOf(tx.tenantDatabase.findMany({ where: { tenantId }, select: { id: true } }));
  const ofDatabases = { tenantDatabaseId: { in: databaseIds } };
  await tx.dueWork.deleteMany({ where: ofDatabases });
  await tx.dirtyMark.deleteMany({ where: ofDatabases });
  await tx.databaseSample.deleteMany({ where: ofDatabases });
  await tx.migrationResult.deleteMany({ where: ofDatabases });
  await tx.databaseMove.deleteMany({ where: { tenantId } });
  await tx.tenantDatabase.deleteMany({ where: { tenantId } });
  await tx.invitation.deleteMany({ where: { tenantId } });
  const owners = [tenantId, ...(await eraseKeys(tx, tenantId)), ...(await erasePeople(tx, tenantId))];
  await eraseTransient(tx, owners);
  await tx.tenant.update({
    where: { id: tenantId },
    data: {
      name: slug,
      country: null,
      region: null,
      settings: {},
      maintenanceReason: null,
      maintenanceUntil: null,
    },
  });
}

async function eraseKeys(tx: CentralTransaction, tenantId: string): Promise<string[]> {
  const keys = await tx.apiKey.findMany({ where: { tenantId }, select: { id: true, hash: true } });
  for (const { id, hash } of keys) await announce(tx, { kind: 'api_key', keyId: id, hash });
  await tx.apiKey.deleteMany({ where: { tenantId } });
  return keys.map(({ id }) => id);
}

/** Answers the ids of the users who were removed, because they belonged to this tenant alone. */
async function erasePeople(tx: CentralTransaction, tenantId: string): Promise<string[]> {
  const members = await tx.membership.findMany({ where: { tenantId }, select: { userId: true } });
  const visitors = await tx.session.findMany({
    where: { tenantId },
    select: { userId: true },
    distinct: ['userId'],
  });
  await tx.session.deleteMany({ where: { tenantId } });
  await tx.membership.deleteMany({ where: { tenantId } });
  for (const { userId } of members) await announce(tx, { kind: 'member', tenantId, userId });
  const candidates = [...members, ...visitors].map(({ userId }) => userId);
  const alone = await idsOf(
    tx.user.findMany({ where: { id: { in: candidates }, memberships: { none: {} } }, select: { id: true } }),
  );
  // What they have left elsewhere are sessions at tenants that they were removed from.
  await tx.session.deleteMany({ where: { userId: { in: alone } } });
  await tx.user.deleteMany({ where: { id: { in: alone } } });
  return alone;
}

/** What is counted and remembered for a while by the id of whoever asked; it would go by itself, but not today. */
async function eraseTransient(tx: CentralTransaction, owners: readonly string[]): Promise<void> {
  const patterns = owners.map((id) => `%${id.replaceAll('_', '\\_')}%`);
  await tx.$executeRaw`DELETE FROM idempotency_records WHERE scope LIKE ANY(${patterns})`;
  await tx.$executeRaw`DELETE FROM rate_limits WHERE key LIKE ANY(${patterns})`;
}

async function idsOf(rows: Promise<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id);
}
