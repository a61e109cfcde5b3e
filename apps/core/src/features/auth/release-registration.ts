import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import type { IdentityDeps } from './identity-deps.js';

/** A registration takes a second or two. One that is older and not done was cut off, by a crash or a kill. */
const ABANDONED_AFTER_MS = 30_000;

/**
 * Frees the e-mail address and the slug of registrations that were cut off: those that never became active and are
 * old, or whose database could not be made. Without this a crash would block an address for ever.
 */
export async function releaseAbandonedRegistrations(
  deps: IdentityDeps,
  taken: { email: string; slug: string | undefined },
): Promise<void> {
  const before = new Date(deps.clock.now().getTime() - ABANDONED_AFTER_MS);
  const abandoned = await deps.central.tenant.findMany({
    where: {
      status: 'provisioning',
      AND: [
        { OR: [{ createdAt: { lt: before } }, { databases: { some: { status: 'failed' } } }] },
        {
          OR: [
            { memberships: { some: { user: { email: taken.email } } } },
            ...(taken.slug === undefined ? [] : [{ slug: taken.slug }]),
          ],
        },
      ],
    },
    select: { id: true },
  });
  for (const { id } of abandoned) await releaseRegistration(deps, id);
}

/**
 * Undoes a registration that did not come to its end. In one transaction the tenant is claimed and its e-mail address
 * and slug are free again; what is left of its database is cleared away afterwards, and if that fails the tombstone
 * of the tenant still tells where to look. Does nothing to a tenant that has become active meanwhile.
 */
export async function releaseRegistration(deps: IdentityDeps, tenantId: string): Promise<void> {
  const isReleased = await deps.central.$transaction((tx) => releaseRows(tx, tenantId));
  if (!isReleased) return;
  try {
    await clearAway(deps, tenantId);
  } catch (error) {
    deps.log.warn(
      { err: error, tenantId },
      'A database of a registration that failed is left to clear away.',
    );
  }
}

async function releaseRows(tx: CentralTransaction, tenantId: string): Promise<boolean> {
  const { count } = await tx.tenant.updateMany({
    where: { id: tenantId, status: 'provisioning' },
    // An id holds an underscore, which no slug does: it is in nobody's way.
    data: { status: 'deleted', slug: tenantId },
  });
  if (count === 0) return false;
  const members = await tx.membership.findMany({ where: { tenantId }, select: { userId: true } });
  await tx.membership.deleteMany({ where: { tenantId } });
  await tx.user.deleteMany({
    where: {
      id: { in: members.map(({ userId }) => userId) },
      memberships: { none: {} },
      sessions: { none: {} },
    },
  });
  return true;
}

/** Whatever of its database there is goes; when the server cannot be reached, the provisioner's clean-up finds it later. */
async function clearAway(deps: IdentityDeps, tenantId: string): Promise<void> {
  const databases = await deps.central.tenantDatabase.findMany({ where: { tenantId }, select: { id: true } });
  for (const { id } of databases) await deps.provisioner.retire(id);
  await deps.central.$transaction([
    deps.central.tenantDatabase.deleteMany({ where: { tenantId } }),
    deps.central.tenant.delete({ where: { id: tenantId } }),
  ]);
}
