import path from 'node:path';

/** The environment, as the process has it or with servers and secrets added. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The data folder that the environment names. */
export function dataDirOf(env: Variables): string {
  return path.resolve(env['NOVA_DATA_DIR'] || '.nova');
}

/** Whether the environment names servers of its own; then none is embedded. */
export function hasExternalServers(env: Variables): boolean {
  return Boolean(env['CENTRAL_DATABASE_URL']);
}
