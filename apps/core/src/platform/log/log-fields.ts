import { AsyncLocalStorage } from 'node:async_hooks';

/** What every line says that is written while a request or job is under way. */
export interface LogFields {
  requestId?: string;
  tenantId?: string;
  mode?: string;
  actor?: string;
  job?: string;
  jobId?: string;
}

/** Carries log fields and nothing else: never a database, a tenant's context or a user. */
const storage = new AsyncLocalStorage<LogFields>();

/** Runs `work` with these fields on every line it writes, on top of those already there. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...fields }, work);
}

/** Runs `work` with this very object of fields, so that what is added to it is still there when it is used again. */
export function runWithLogFields<T>(fields: LogFields, work: () => T): T {
  return storage.run(fields, work);
}

/** Adds fields to those of the request or job under way, for example once it is known who asks. */
export function addLogFields(fields: LogFields): void {
  const current = storage.getStore();
  if (current) Object.assign(current, fields);
}

/** The fields of the request or job under way. */
export function currentLogFields(): LogFields {
  return storage.getStore() ?? {};
}
