import type { User } from '@nova/prisma-central';

import { hashPassword } from '../../platform/crypto/password.js';
import { newId } from '../../platform/ids/new-id.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import { operatorCaller } from '../audit/operator-caller.js';
import { recordAudit } from '../audit/record-audit.js';
import { normaliseEmail } from '../auth/email-address.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { ensurePlatform, type PlatformDeps } from './ensure-platform.js';

export interface OperatorLogin {
  readonly email: string;
  readonly name: string;
  /** For somebody who has no account yet; whoever has one keeps his. */
  readonly password: string;
}

export interface Operator {
  readonly tenantId: string;
  readonly userId: string;
  /** Whether the account was made now, with the password given. */
  readonly account: 'made' | 'known';
}

/**
 * Makes the platform's own tenant as far as it is missing, with a test database to try prices in, and gives somebody a
 * login there as an owner: he sees and changes the plans, tenants' subscriptions and invoices by the same API as every
 * tenant does. May be done twice.
 * @throws provisioning_failed, no_database_server
 */
export async function makeOperator(
  deps: PlatformDeps,
  identity: IdentityDeps,
  login: OperatorLogin,
): Promise<Operator> {
  const tenantId = await ensurePlatform(deps);
  await deps.provisioner.provision(tenantId, 'test');
  const email = normaliseEmail(login.email);
  const passwordHash = await hashPassword(login.password, identity.config.bcryptCost);
  return deps.central.db.$transaction(async (tx) => {
    // Two who make the same one at once find the row of the first.
    const made = await tx.$executeRaw`
      INSERT INTO users (id, email, name, password_hash) VALUES (${newId('usr')}, ${email}, ${login.name}, ${passwordHash})
      ON CONFLICT (email) DO NOTHING`;
    const user = await tx.user.findUniqueOrThrow({ where: { email } });
    await makeOwner(tx, tenantId, user);
    return { tenantId, userId: user.id, account: made === 1 ? 'made' : 'known' };
  });
}

async function makeOwner(tx: CentralTransaction, tenantId: string, user: User): Promise<void> {
  const who = { tenantId, userId: user.id };
  const { count } = await tx.membership.createMany({
    data: [{ id: newId('mem'), ...who, role: 'owner' }],
    skipDuplicates: true,
  });
  if (count === 0) return;
  await announce(tx, { kind: 'member', ...who });
  await recordAudit(tx, operatorCaller(tenantId), {
    action: 'member.joined',
    target: { type: 'user', id: user.id },
    after: { email: user.email, role: 'owner' },
  });
}
