/** Who acted. The system is the platform itself; the operator is whoever runs its commands. */
export interface AuditActor {
  readonly type: 'user' | 'api_key' | 'operator' | 'system';
  readonly id: string;
}

/** Who acts, and from where: what leaves a row in the audit log. */
export interface AuditCaller {
  /** Null for what concerns the platform and no single tenant. */
  readonly tenantId: string | null;
  readonly actor: AuditActor;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** Who acts for which tenant: what a verb about an account is called by. */
export interface Caller extends AuditCaller {
  readonly tenantId: string;
}
