import { notFound, unavailable } from '../../platform/errors/common-errors.js';
import type { ProblemError } from '../../platform/errors/define-error.js';
import { tenantArchived, tenantMaintenance, tenantSuspended } from '../tenancy.errors.js';

/** Every status that a tenant may have, in the order of a life. */
export const TENANT_STATUSES = [
  'provisioning',
  'active',
  'suspended',
  'archived',
  'deleting',
  'deleted',
] as const;
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/**
 * What somebody wants of a tenant: `data` opens one of its databases, as requests about customers and money and all jobs
 * do; `receipt` opens it to keep what others send and nobody sends twice, such as word of money that has come in; the others
 * are about the account, which central knows of.
 */
export type Approach = 'data' | 'receipt' | 'account_write' | 'account_read';

/** How a tenant stands, as central has it. */
export interface TenantStanding {
  readonly status: string;
  readonly statusReason: string | null;
  /** Null while it is not under maintenance. */
  readonly maintenance: { readonly reason: string; readonly until: Date | null } | null;
}

type Verdict = 'pass' | 'preparing' | 'suspended' | 'archived' | 'deleting' | 'gone';

/** The one table of who gets in. An unknown status, which a newer version may have written, lets nobody in. */
const VERDICTS: Readonly<Record<TenantStatus, Readonly<Record<Approach, Verdict>>>> = {
  provisioning: {
    data: 'preparing',
    receipt: 'preparing',
    account_write: 'preparing',
    account_read: 'preparing',
  },
  active: { data: 'pass', receipt: 'pass', account_write: 'pass', account_read: 'pass' },
  // Its people may look at the account and learn why nothing works.
  suspended: { data: 'suspended', receipt: 'pass', account_write: 'suspended', account_read: 'pass' },
  archived: { data: 'archived', receipt: 'pass', account_write: 'archived', account_read: 'pass' },
  deleting: { data: 'deleting', receipt: 'deleting', account_write: 'deleting', account_read: 'deleting' },
  deleted: { data: 'gone', receipt: 'gone', account_write: 'gone', account_read: 'gone' },
};

/** Maintenance is about the databases: what only reads the account goes on, whatever else would change or open one waits. */
const WAITS_FOR_MAINTENANCE: Readonly<Record<Approach, boolean>> = {
  data: true,
  receipt: true,
  account_write: true,
  account_read: false,
};

/** What a client is told to wait when nobody said how long maintenance takes. */
const MAINTENANCE_RETRY_SECONDS = 60;

/** The statuses of tenants whose people may log in. One that is being deleted has no sessions and gets none. */
export const REACHABLE_STATUSES: readonly TenantStatus[] = ['active', 'suspended', 'archived'];

/** Why this approach is refused, or null when it is not. A status outlasts maintenance, so it is what is told of both. */
export function refusalOf(
  standing: TenantStanding | null,
  approach: Approach,
  now: Date,
): ProblemError | null {
  const refusal = refusalByStatus(standing, approach);
  if (refusal || !standing?.maintenance || !WAITS_FOR_MAINTENANCE[approach]) return refusal;
  const { reason, until } = standing.maintenance;
  return tenantMaintenance(`This tenant is under maintenance: ${reason}`, {
    headers: { 'Retry-After': String(retryAfterSeconds(until, now)) },
  });
}

function refusalByStatus(standing: TenantStanding | null, approach: Approach): ProblemError | null {
  const known = TENANT_STATUSES.find((status) => status === standing?.status);
  const verdict = known ? VERDICTS[known][approach] : 'gone';
  const because = standing?.statusReason ? `: ${standing.statusReason}` : '';
  switch (verdict) {
    case 'pass':
      return null;
    case 'preparing':
      return unavailable('The tenant is being set up. Try again in a moment.');
    case 'suspended':
      return tenantSuspended(`This tenant is suspended${because}. Contact the platform’s operator.`);
    case 'archived':
      return tenantArchived(`This tenant is archived${because}. Contact the platform’s operator.`);
    case 'deleting':
      return tenantArchived('This tenant is being deleted. Contact the platform’s operator.');
    case 'gone':
      return notFound('There is no such tenant.');
  }
}

function retryAfterSeconds(until: Date | null, now: Date): number {
  const left = until === null ? 0 : Math.ceil((until.getTime() - now.getTime()) / 1_000);
  return left > 0 ? left : MAINTENANCE_RETRY_SECONDS;
}
