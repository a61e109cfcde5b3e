import { unavailable } from '../../platform/errors/common-errors.js';
import { ProblemError } from '../../platform/errors/define-error.js';
import {
  tenantArchived,
  tenantMaintenance,
  tenantSchemaBehind,
  tenantSuspended,
  tenantUnreachable,
} from '../tenancy.errors.js';

/** Why a job has to wait, which is no failure of its own and uses up none of its attempts. */
export type Wait =
  /** Its tenant is stopped, and the job is called up when the tenant goes on. */
  | { readonly why: 'tenant_is_stopped'; readonly delayMs: number }
  /** Its database does not answer, or awaits a migration: all of the tenant's jobs leave it alone for a while. */
  | { readonly why: 'database_is_away' }
  /** Something else has no room for it at the moment. */
  | { readonly why: 'busy' };

/** How long jobs of a tenant that is stopped wait at most once it may work again. Mostly they are called up before. */
const STOPPED_DELAYS_MS: Readonly<Record<string, number>> = {
  [tenantSuspended.code]: 60_000,
  [tenantArchived.code]: 300_000,
  [tenantMaintenance.code]: 15_000,
};
const AWAY_CODES: readonly string[] = [tenantUnreachable.code, tenantSchemaBehind.code, unavailable.code];

/** What a failure says of waiting, whether to open the tenant's database failed or the work did; null when nothing. */
export function waitOf(error: unknown): Wait | null {
  if (!(error instanceof ProblemError)) return null;
  const { code, status } = error.definition;
  const delayMs = STOPPED_DELAYS_MS[code];
  if (delayMs !== undefined) return { why: 'tenant_is_stopped', delayMs };
  if (AWAY_CODES.includes(code)) return { why: 'database_is_away' };
  return status === 503 ? { why: 'busy' } : null;
}
