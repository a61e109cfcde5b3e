import { createHash } from 'node:crypto';

import type pg from 'pg';

import { MigrationError, UnknownNameError } from './migration-error.js';
import type { Rollout } from './rollout.js';

/** A tenant database as central knows it. */
export interface FleetDatabase {
  readonly id: string;
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly serverId: string;
  readonly databaseName: string;
  readonly version: string | null;
}

export type Selection = Pick<Rollout, 'only' | 'except' | 'server'>;

const COLUMNS = `d.id, d.tenant_id AS "tenantId", t.slug, d.mode, d.server_id AS "serverId",
  d.database_name AS "databaseName", d.schema_version AS version`;

/**
 * The tenant databases that a run is about, whatever their tenants' status: one that is suspended or archived may come
 * back. Servers take turns, so that one in trouble does not get hold of every place at once.
 */
export async function selectDatabases(
  central: pg.Pool | pg.ClientBase,
  { only, except, server }: Selection,
): Promise<FleetDatabase[]> {
  const { rows } = await central.query<FleetDatabase>(
    `SELECT ${COLUMNS}
       FROM tenant_databases d JOIN tenants t ON t.id = d.tenant_id JOIN database_servers s ON s.id = d.server_id
      WHERE d.status = 'active' AND ($1::text[] IS NULL OR t.slug = ANY($1) OR t.id = ANY($1))
        AND NOT (t.slug = ANY($2) OR t.id = ANY($2)) AND ($3::text IS NULL OR s.name = $3 OR s.id = $3)
      ORDER BY row_number() OVER (PARTITION BY d.server_id ORDER BY d.id), d.id`,
    [only, except, server],
  );
  return rows;
}

/** The database as it is by now; null when nobody uses it any more. */
export async function currentDatabase(central: pg.Pool, id: string): Promise<FleetDatabase | null> {
  const { rows } = await central.query<FleetDatabase>(
    `SELECT ${COLUMNS} FROM tenant_databases d JOIN tenants t ON t.id = d.tenant_id
      WHERE d.id = $1 AND d.status = 'active'`,
    [id],
  );
  return rows[0] ?? null;
}

/** @throws UnknownNameError when a tenant or the server that the operator named is not there */
export async function requireKnownNames(central: pg.ClientBase, rollout: Rollout): Promise<void> {
  const canaries = rollout.canary && 'tenants' in rollout.canary ? rollout.canary.tenants : [];
  const tenants = [...(rollout.only ?? []), ...rollout.except, ...canaries];
  const { rows } = await central.query<{ name: string }>(
    `SELECT wanted AS name FROM unnest($1::text[]) AS wanted
      WHERE NOT EXISTS (SELECT FROM tenants t WHERE wanted IN (t.slug, t.id))`,
    [tenants],
  );
  if (rows.length > 0)
    throw new UnknownNameError(`There is no tenant ${rows.map(({ name }) => name).join(', ')}.`);
  if (rollout.server === null) return;
  const { rowCount } = await central.query('SELECT FROM database_servers WHERE name = $1 OR id = $1', [
    rollout.server,
  ]);
  if (rowCount === 0) throw new UnknownNameError(`There is no database server ${rollout.server}.`);
}

/** Whether central says that the database lacks something. One that is ahead, by a newer build, does not. */
export function lacks({ version }: FleetDatabase, target: string): boolean {
  return version === null || version < target;
}

/**
 * Which databases go first. A number of tenants is drawn anew for every run, of those that there is something to do for.
 * @throws MigrationError when the named ones are none of those that the run is about
 */
export function canariesOf(
  databases: readonly FleetDatabase[],
  { canary }: Pick<Rollout, 'canary'>,
  seed: string,
): Set<string> {
  if (canary === null) return new Set();
  const chosen = 'tenants' in canary ? canary.tenants : drawn(databases, canary.count, seed);
  const first = databases.filter(({ slug, tenantId }) => chosen.includes(slug) || chosen.includes(tenantId));
  if ('tenants' in canary && first.length === 0)
    throw new MigrationError('None of the canaries is among the tenants that this run is about.');
  return new Set(first.map(({ id }) => id));
}

function drawn(databases: readonly FleetDatabase[], count: number, seed: string): string[] {
  const lot = (tenantId: string) => createHash('sha256').update(`${seed} ${tenantId}`).digest('hex');
  const tenants = [...new Set(databases.map(({ tenantId }) => tenantId))];
  return tenants.sort((a, b) => (lot(a) < lot(b) ? -1 : 1)).slice(0, count);
}
