import { unauthenticated } from '../../platform/errors/common-errors.js';
import {
  defineError,
  type FieldProblem,
  type ProblemError,
  type ProblemFactory,
} from '../../platform/errors/define-error.js';

export const emailTaken = defineError('email_taken', 409, 'The e-mail address is taken');
export const slugTaken = defineError('slug_taken', 409, 'The slug is taken');
export const registrationInProgress = defineError(
  'registration_in_progress',
  409,
  'A registration with this e-mail address is under way',
);
export const invalidCredentials = defineError(
  'invalid_credentials',
  401,
  'The e-mail address or password is wrong',
);
export const invalidRefreshToken = defineError(
  'invalid_refresh_token',
  401,
  'The refresh token is not valid',
);
export const noMembership = defineError('no_membership', 403, 'You are not a member there');

/** Every 401 says how to authenticate, as RFC 9110 asks. */
const CHALLENGE = { 'www-authenticate': 'Bearer' };

/** A 401 of the guard: no credential, or one that is not (or no longer) good. It does not say which part was wrong. */
export function refuseCredential(detail: string): ProblemError {
  return unauthenticated(detail, { headers: CHALLENGE });
}

/** A 401 of a route that takes credentials in its body. */
export function refuseWith(error: ProblemFactory, detail: string): ProblemError {
  return error(detail, { headers: CHALLENGE });
}

/** The place of a conflict or a mistake in the body. */
export function atPointer(pointer: string, code: string, message: string): { errors: FieldProblem[] } {
  return { errors: [{ pointer, code, message }] };
}
