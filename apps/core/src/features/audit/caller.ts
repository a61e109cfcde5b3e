/** Who acted. The system is the platform itself or its operator. */
export interface AuditActor {
  readonly type: 'user' | 'api_key' | 'system';
  readonly id: string;
}

/** Who acts for which tenant, and from where: what a verb needs to leave its row in the audit log. */
export interface Caller {
  readonly tenantId: string;
  readonly actor: AuditActor;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** The operator at the command line, acting for a tenant. */
export function operatorOf(tenantId: string): Caller {
  return { tenantId, actor: { type: 'system', id: 'operator' }, ip: null, requestId: null };
}
