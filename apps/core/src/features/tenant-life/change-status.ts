import type { Tenant } from '@nova/prisma-central';

import type { CentralClient, CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import type { TenantStatus } from '../../tenancy/context/admission.js';
import { lockTenant } from '../../tenancy/maintenance/lock-tenant.js';
import { wakeWork } from '../../tenancy/maintenance/wake-work.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { LifeDeps } from './life-deps.js';
import { decide, type LifeVerb, TRANSITIONS } from './life-transitions.js';
import { tenantStatusConflict } from './tenant-life.errors.js';

export interface StatusRequest {
  readonly verb: LifeVerb;
  readonly reason: string | null;
  readonly deleteAfter?: Date;
  /** More of what the audit log says of it. */
  readonly details?: Readonly<Record<string, string>>;
  /** What changes with the status, in the same transaction. */
  readonly along?: (tx: CentralTransaction, tenant: Tenant) => Promise<void>;
}

/** How a tenant stands after a verb. `changed` is false when it stood so already. */
export interface StatusOutcome {
  readonly tenantId: string;
  readonly slug: string;
  readonly status: string;
  readonly changed: boolean;
  readonly deleteAfter: Date | null;
}

/**
 * Changes a tenant's status by the table of its life, with its row in the audit log, and tells every process. Called
 * twice, the second changes nothing.
 * @throws not_found, tenant_status_conflict
 */
export async function changeStatus(
  deps: Pick<LifeDeps, 'central' | 'clock'>,
  caller: Caller,
  request: StatusRequest,
): Promise<StatusOutcome> {
  const { tenantId } = caller;
  return deps.central.db.$transaction(async (tx) => {
    const tenant = await lockTenant(tx, tenantId);
    const decision = decide(request.verb, tenant.status);
    if (decision.kind === 'refused') throw tenantStatusConflict(decision.why);
    if (decision.kind === 'settled') return outcomeOf(tenant, 'unchanged');
    if (tenant.kind === 'platform' && decision.to !== 'active') {
      const { participle } = TRANSITIONS[request.verb];
      throw tenantStatusConflict(
        `The platform’s own tenant cannot be ${participle}: it has the books of all others.`,
      );
    }
    const to =
      decision.to === 'before'
        ? await standingBefore(tx, tenantId, request.verb)
        : { status: decision.to, reason: request.reason };
    await request.along?.(tx, tenant);
    const now = deps.clock.now();
    const changed = await tx.tenant.update({
      where: { id: tenantId },
      data: {
        status: to.status,
        statusReason: to.status === 'active' ? null : to.reason,
        statusSince: now,
        deleteAfter: request.deleteAfter ?? null,
        updatedAt: now,
      },
    });
    if (to.status === 'active') await wakeWork(tx, tenantId);
    await recordAudit(tx, caller, {
      action: TRANSITIONS[request.verb].action,
      target: { type: 'tenant', id: tenantId },
      before: auditStateOf(tenant),
      after: { ...auditStateOf(changed), ...request.details },
    });
    await announce(tx, { kind: 'tenant', tenantId });
    return outcomeOf(changed, 'changed');
  });
}

/**
 * What the tenant was before the act that is undone, as the audit log has it. Where that is not known it is suspended: it
 * keeps its data and does nothing until the operator resumes it.
 */
export async function standingBefore(
  tx: CentralTransaction | CentralClient,
  tenantId: string,
  verb: LifeVerb,
): Promise<{ status: TenantStatus; reason: string | null }> {
  const { undoes, settled } = TRANSITIONS[verb];
  const entry = undoes
    ? await tx.auditEntry.findFirst({
        where: { tenantId, action: undoes },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      })
    : null;
  const before = entry?.before as { status?: string; reason?: string | null } | null | undefined;
  const status = settled.find((known) => known === before?.status) ?? 'suspended';
  return { status, reason: before?.reason ?? null };
}

function auditStateOf(tenant: Tenant): Record<string, string | null> {
  return {
    status: tenant.status,
    reason: tenant.statusReason,
    ...(tenant.deleteAfter ? { deleteAfter: tenant.deleteAfter.toISOString() } : {}),
  };
}

function outcomeOf(tenant: Tenant, how: 'changed' | 'unchanged'): StatusOutcome {
  const { id: tenantId, slug, status, deleteAfter } = tenant;
  return { tenantId, slug, status, changed: how === 'changed', deleteAfter };
}
