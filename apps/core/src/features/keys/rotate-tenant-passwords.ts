import type { Config } from '../../platform/config/config.schema.js';
import {
  type PasswordResult,
  rotatePasswords,
  type RotatePasswordsOptions,
} from '../../tenancy/passwords/rotate-passwords.js';
import type { PasswordDeps } from '../../tenancy/passwords/switch-password.js';
import type { AuditCaller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';

/** Rotates tenants' database passwords; every switch is on record in the transaction that makes it. @throws KeyRingError */
export function rotateTenantPasswords(
  deps: PasswordDeps & { readonly config: Config },
  caller: AuditCaller,
  options: Omit<RotatePasswordsOptions, 'record'>,
): Promise<PasswordResult[]> {
  return rotatePasswords(deps, {
    ...options,
    record: (tx, { id, tenantId, mode }) =>
      recordAudit(
        tx,
        { ...caller, tenantId },
        {
          action: 'tenant.password_rotated',
          target: { type: 'tenant_database', id },
          after: { mode },
        },
      ),
  });
}
