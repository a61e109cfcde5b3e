import { defineError } from '../../platform/errors/define-error.js';

export const alreadyMember = defineError('already_member', 409, 'The person is a member already');
export const lastOwner = defineError('last_owner', 409, 'A tenant keeps at least one owner');
export const invitationNotValid = defineError('invitation_not_valid', 400, 'The invitation is not valid');
