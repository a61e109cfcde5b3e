import { ProblemError } from '../../platform/errors/define-error.js';
import { tenantSchemaBehind } from '../tenancy.errors.js';
import { oldestServedVersion } from './schema-versions.js';

/** A roll-out takes minutes at most; whoever asks sooner costs little, for no database is opened. */
const RETRY_AFTER = { 'Retry-After': '15' };

/** Nothing is served from a database of this version: it is further behind than the release before this one. */
export function notServed(schemaVersion: string | null): ProblemError {
  return tenantSchemaBehind(
    `The tenant’s database is at version ${schemaVersion ?? 'none'}, and this release serves ${oldestServedVersion()} ` +
      'and newer. It is being brought up to date. Try again in a moment.',
    { headers: RETRY_AFTER },
  );
}

/** What was asked for needs a table or a column that a database of the release before does not have yet. */
export function notServedYet(cause: unknown): ProblemError {
  return tenantSchemaBehind(
    'This needs a part of the tenant’s database that comes with the present release, and the database has not been ' +
      'brought up to date yet. Everything else is served. Try again in a moment.',
    { headers: RETRY_AFTER, cause },
  );
}

/** Whether work failed because its database awaits a migration: it can be done once that has come. */
export function isSchemaBehind(error: unknown): boolean {
  return error instanceof ProblemError && error.definition.code === tenantSchemaBehind.code;
}
