import type { Tenant, User } from '@nova/prisma-central';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { hashPassword } from '../../platform/crypto/password.js';
import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import { newId } from '../../platform/ids/new-id.js';
import { isReservedSlug, slugOf, withRandomSuffix } from '../tenants/slug.js';
import { atPointer, emailTaken, registrationInProgress, slugTaken } from './auth.errors.js';
import { normaliseEmail } from './email-address.js';
import type { IdentityDeps } from './identity-deps.js';
import { releaseAbandonedRegistrations } from './release-registration.js';

export interface RegisterInput {
  email: string;
  password: string;
  /** The person's name. */
  name: string;
  /** The tenant's name. */
  company: string;
  slug?: string | undefined;
  country?: string | undefined;
  currency?: string | undefined;
  timeZone?: string | undefined;
  /** Where the tenant's databases have to be; only the operator says. */
  region?: string | undefined;
}

/** The rows of a registration that has begun: they hold its e-mail address and slug until it is done or undone. */
export interface ClaimedRegistration {
  user: User;
  tenant: Tenant;
}

const SLUG_ATTEMPTS = 5;

/**
 * Writes user, tenant (still provisioning) and ownership in one transaction.
 * @throws email_taken, slug_taken, registration_in_progress, invalid_request for a reserved slug or an unknown region
 */
export async function claimRegistration(
  deps: IdentityDeps,
  input: RegisterInput,
): Promise<ClaimedRegistration> {
  const email = normaliseEmail(input.email);
  if (input.slug !== undefined && isReservedSlug(input.slug)) {
    throw invalidRequest('The slug is reserved.', atPointer('/slug', 'reserved', 'is reserved'));
  }
  if (input.region !== undefined) await refuseUnknownRegion(deps, input.region);
  await releaseAbandonedRegistrations(deps, { email, slug: input.slug });
  await refuseTakenEmail(deps, email);
  const passwordHash = await hashPassword(input.password, deps.config.bcryptCost);
  for (const slug of slugCandidates(input)) {
    const claimed = await insertRows(deps, { ...input, email, slug, passwordHash });
    if (claimed) return claimed;
    await refuseTakenEmail(deps, email);
  }
  throw slugTaken('Another tenant has this slug.', atPointer('/slug', 'slug_taken', 'is taken'));
}

/** The slug that was asked for and no other; or the name's, then the same with random endings. */
function* slugCandidates(input: RegisterInput): Generator<string> {
  if (input.slug !== undefined) {
    yield input.slug;
    return;
  }
  const plain = slugOf(input.company);
  if (!isReservedSlug(plain)) yield plain;
  for (let attempt = 0; attempt < SLUG_ATTEMPTS; attempt++) yield withRandomSuffix(plain);
}

async function refuseUnknownRegion(deps: IdentityDeps, region: string): Promise<void> {
  const server = await deps.central.databaseServer.findFirst({
    where: { region, state: 'open' },
    select: { id: true },
  });
  if (server) return;
  throw invalidRequest(
    `No open database server is in the region ${region}.`,
    atPointer('/region', 'unknown_region', 'has no open database server'),
  );
}

async function refuseTakenEmail(deps: IdentityDeps, email: string): Promise<void> {
  const user = await deps.central.user.findUnique({
    where: { email },
    select: { memberships: { select: { tenant: { select: { status: true } } } } },
  });
  if (!user) return;
  const isUnderWay = user.memberships.some(({ tenant }) => tenant.status === 'provisioning');
  if (isUnderWay) {
    throw registrationInProgress(
      'A registration with this e-mail address is under way. Try again in a minute.',
      {
        ...atPointer('/email', 'registration_in_progress', 'is being registered'),
        headers: { 'retry-after': '30' },
      },
    );
  }
  throw emailTaken(
    'Somebody has registered with this e-mail address.',
    atPointer('/email', 'email_taken', 'is taken'),
  );
}

/** Null when the e-mail address or the slug was taken in the meantime. */
async function insertRows(
  deps: IdentityDeps,
  row: RegisterInput & { slug: string; passwordHash: string },
): Promise<ClaimedRegistration | null> {
  const tenantId = newId('ten');
  const userId = newId('usr');
  try {
    return await deps.central.$transaction(async (tx) => {
      const { email, passwordHash } = row;
      const user = await tx.user.create({ data: { id: userId, email, passwordHash, name: row.name } });
      const tenant = await tx.tenant.create({
        data: {
          id: tenantId,
          slug: row.slug,
          name: row.company,
          ...(row.country === undefined ? {} : { country: row.country }),
          ...(row.currency === undefined ? {} : { currency: row.currency }),
          ...(row.timeZone === undefined ? {} : { timeZone: row.timeZone }),
          ...(row.region === undefined ? {} : { region: row.region }),
        },
      });
      await tx.membership.create({ data: { id: newId('mem'), tenantId, userId, role: 'owner' } });
      return { user, tenant };
    });
  } catch (error) {
    if (violatedUniqueIndex(error) !== null) return null;
    throw error;
  }
}
