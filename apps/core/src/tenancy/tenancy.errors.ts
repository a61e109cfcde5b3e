import { defineError } from '../platform/errors/define-error.js';

export const tenantSuspended = defineError('tenant_suspended', 403, 'The tenant is suspended');
export const tenantMaintenance = defineError('tenant_maintenance', 503, 'The tenant is under maintenance');
export const tenantArchived = defineError('tenant_archived', 410, 'The tenant is archived or being deleted');
export const tenantBusy = defineError('tenant_busy', 409, 'Another operation on the tenant is under way');
export const liveModeNotReady = defineError('live_mode_not_ready', 409, 'Live mode has not been activated');
export const tenantCapacity = defineError('tenant_capacity', 503, 'Too many tenants are busy at once');
export const tenantUnreachable = defineError(
  'tenant_unreachable',
  503,
  'The tenant database does not answer',
);
export const tenantSchemaBehind = defineError(
  'tenant_schema_behind',
  503,
  'The tenant database awaits a migration',
);
export const tenantMoveRefused = defineError(
  'tenant_move_refused',
  409,
  'The tenant cannot be moved like this',
);
