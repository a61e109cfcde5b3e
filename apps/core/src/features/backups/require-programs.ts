import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { findPostgresPrograms, type PostgresPrograms } from '../../platform/postgres/postgres-programs.js';
import { postgresProgramsMissing } from './backups.errors.js';

/** The major version of a server. */
export async function serverMajorOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ major: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS major",
  );
  return rows[0]?.major ?? 0;
}

/** @throws postgres_programs_missing, with what to do about it */
export async function requirePrograms(config: Config, major: number): Promise<PostgresPrograms> {
  const programs = await findPostgresPrograms(config, major);
  if (programs) return programs;
  throw postgresProgramsMissing(
    `There are no pg_dump and pg_restore of version ${major} or newer${config.pgBinFolder === null ? '' : ` in ${config.pgBinFolder}`}. ` +
      `Install PostgreSQL's client programs (postgresql-client-${major} on Debian), or name their folder in NOVA_PG_BIN.`,
  );
}
