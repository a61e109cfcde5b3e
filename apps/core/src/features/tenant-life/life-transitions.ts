import type { TenantStatus } from '../../tenancy/context/admission.js';
import type { AuditAction } from '../audit/audit-actions.js';

/** What an operator does to a tenant as a whole. */
export type LifeVerb = 'suspend' | 'resume' | 'archive' | 'unarchive' | 'delete' | 'undelete' | 'purge';

interface Transition {
  readonly from: readonly TenantStatus[];
  /** `before`: what it was before the act that this one undoes. */
  readonly to: TenantStatus | 'before';
  /** Where there is nothing left to do: the verb was called before. */
  readonly settled: readonly TenantStatus[];
  /** As in `cannot be …`. */
  readonly participle: string;
  readonly action: AuditAction;
  /** The act that this one undoes, by its row in the audit log. */
  readonly undoes?: AuditAction;
}

/** The one table of a tenant's life. */
export const TRANSITIONS: Readonly<Record<LifeVerb, Transition>> = {
  suspend: {
    from: ['active'],
    to: 'suspended',
    settled: ['suspended'],
    participle: 'suspended',
    action: 'tenant.suspended',
  },
  resume: {
    from: ['suspended'],
    to: 'active',
    settled: ['active'],
    participle: 'resumed',
    action: 'tenant.resumed',
  },
  archive: {
    from: ['active', 'suspended'],
    to: 'archived',
    settled: ['archived'],
    participle: 'archived',
    action: 'tenant.archived',
  },
  unarchive: {
    from: ['archived'],
    to: 'before',
    settled: ['active', 'suspended'],
    participle: 'taken out of the archive',
    action: 'tenant.unarchived',
    undoes: 'tenant.archived',
  },
  delete: {
    from: ['active', 'suspended', 'archived'],
    to: 'deleting',
    settled: ['deleting'],
    participle: 'deleted',
    action: 'tenant.deletion_requested',
  },
  undelete: {
    from: ['deleting'],
    to: 'before',
    settled: ['active', 'suspended', 'archived'],
    participle: 'kept from deletion',
    action: 'tenant.deletion_cancelled',
    undoes: 'tenant.deletion_requested',
  },
  purge: {
    from: ['deleting'],
    to: 'deleted',
    settled: ['deleted'],
    participle: 'purged',
    action: 'tenant.deleted',
  },
};

export type Decision =
  | { readonly kind: 'change'; readonly to: TenantStatus | 'before' }
  | { readonly kind: 'settled' }
  | { readonly kind: 'refused'; readonly why: string };

/** What the verb does to a tenant of this status. */
export function decide(verb: LifeVerb, status: string): Decision {
  const { from, to, settled, participle } = TRANSITIONS[verb];
  if (settled.some((known) => known === status)) return { kind: 'settled' };
  if (from.some((known) => known === status)) return { kind: 'change', to };
  return { kind: 'refused', why: `A tenant that is ${status} cannot be ${participle}.` };
}
