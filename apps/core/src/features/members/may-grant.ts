import { ROLES, type Role } from '../../platform/access/permissions.js';
import { forbidden } from '../../platform/errors/common-errors.js';
import type { AuditActor } from '../audit/caller.js';

/** Whether somebody of one role may give another, take it away or touch who has it: never above his own. */
export function mayGrant(own: Role, granted: Role): boolean {
  return ROLES.indexOf(own) <= ROLES.indexOf(granted);
}

/**
 * Refuses to grant or touch a role above the actor's own. The operator and the platform itself may grant any.
 * @throws forbidden
 */
export function requireMayGrant(actor: AuditActor & { readonly role?: Role }, role: Role): void {
  if (actor.type === 'system' || actor.type === 'operator') return;
  if (actor.role && mayGrant(actor.role, role)) return;
  throw forbidden(`Your role does not reach to ${role}: nobody grants or takes a role above his own.`);
}
