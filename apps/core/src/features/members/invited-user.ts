import type { User } from '@nova/prisma-central';

import { hashPassword, verifyPassword } from '../../platform/crypto/password.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { FieldProblem } from '../../platform/errors/define-error.js';
import { newId } from '../../platform/ids/new-id.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { invalidCredentials, refuseWith } from '../auth/auth.errors.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { NewPasswordSchema } from '../auth/new-password-schema.js';

/** Who accepts an invitation: somebody with an account, or somebody new. */
export type InvitedUser =
  { user: User } | { newcomer: { email: string; name: string; passwordHash: string } };

interface Proof {
  name?: string | undefined;
  password?: string | undefined;
}

/**
 * Tells who accepts. The invitation's token proves that one reads the mailbox, which is enough to make an account.
 * It does not open an account that exists, since a message that was forwarded would give it away: that takes the
 * account's password too.
 * @throws invalid_request when something is missing, invalid_credentials when the password is wrong
 */
export async function identifyInvited(deps: IdentityDeps, email: string, proof: Proof): Promise<InvitedUser> {
  const user = await deps.central.user.findUnique({ where: { email } });
  if (!user) return { newcomer: await readNewcomer(deps, email, proof) };
  if (proof.password === undefined) {
    throw incomplete([
      required('/password', 'You have an account with this e-mail address: give its password'),
    ]);
  }
  const matches = await verifyPassword(proof.password, user.passwordHash, deps.config.bcryptCost);
  if (!matches || user.status !== 'active') throw refuseWith(invalidCredentials, 'The password is wrong.');
  return { user };
}

/** The user, made in the transaction that takes the invitation when he is new. */
export async function userOf(tx: CentralTransaction, invited: InvitedUser): Promise<User> {
  if ('user' in invited) return invited.user;
  return tx.user.create({ data: { id: newId('usr'), ...invited.newcomer } });
}

async function readNewcomer(deps: IdentityDeps, email: string, { name, password }: Proof) {
  const problems: FieldProblem[] = [];
  if (name === undefined) problems.push(required('/name', 'Say your name: you are new here'));
  if (password === undefined) problems.push(required('/password', 'Choose a password: you are new here'));
  else problems.push(...passwordProblems(password));
  if (name === undefined || password === undefined || problems.length > 0) throw incomplete(problems);
  return { email, name, passwordHash: await hashPassword(password, deps.config.bcryptCost) };
}

function passwordProblems(password: string): FieldProblem[] {
  const issues = NewPasswordSchema.safeParse(password).error?.issues ?? [];
  return issues.map(({ code, message }) => ({ pointer: '/password', code, message }));
}

function required(pointer: string, message: string): FieldProblem {
  return { pointer, code: 'required', message };
}

function incomplete(errors: FieldProblem[]) {
  return invalidRequest('Something is missing to accept the invitation.', { errors });
}
