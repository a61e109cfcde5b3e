/** Every action that the audit log of central may name. */
export const AUDIT_ACTIONS = [
  'tenant.registered',
  'tenant.updated',
  'session.opened',
  'session.revoked',
  'session.reuse_detected',
  'user.updated',
  'user.password_changed',
  'api_key.created',
  'api_key.rolled',
  'api_key.revoked',
  'member.invited',
  'member.joined',
  'member.role_changed',
  'member.removed',
  'invitation.revoked',
  'test_data.reset',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
