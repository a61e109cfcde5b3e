import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { newId } from '../../platform/ids/new-id.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { DatabaseServer } from './admin-client.js';
import { tlsParametersOf } from './tenant-url.js';

/** The server of INTERNAL_POSTGRES_URL, whose address the settings say at every start. */
export const DEFAULT_SERVER = 'default';

interface ServerRow {
  id: string;
  name: string;
  state: string;
  host: string;
  port: number;
  parameters: string;
  pooler_host: string | null;
  pooler_port: number | null;
  admin_url_sealed: string;
}

/** Registers the server of INTERNAL_POSTGRES_URL, or takes over its new address, port, credentials and use of TLS. */
export async function registerDefaultServer(
  central: pg.ClientBase,
  config: Pick<Config, 'internalPostgresUrl'>,
  keys: KeyRing,
): Promise<void> {
  const adminUrl = config.internalPostgresUrl;
  const { host, port } = addressOf(adminUrl);
  const parameters = tlsParametersOf(adminUrl);
  const known = await central.query<ServerRow>('SELECT * FROM database_servers WHERE name = $1', [
    DEFAULT_SERVER,
  ]);
  const [row] = known.rows;
  if (!row) {
    const id = newId('srv');
    await central.query(
      `INSERT INTO database_servers (id, name, host, port, parameters, admin_url_sealed)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, DEFAULT_SERVER, host, port, parameters, await keys.seal(adminUrl, id)],
    );
  } else if (
    row.host !== host ||
    row.port !== port ||
    row.parameters !== parameters ||
    (await keys.open(row.admin_url_sealed, row.id)) !== adminUrl
  ) {
    await central.query(
      'UPDATE database_servers SET host = $2, port = $3, parameters = $4, admin_url_sealed = $5 WHERE id = $1',
      [row.id, host, port, parameters, await keys.seal(adminUrl, row.id)],
    );
  }
}

/** Every server there is, by name. */
export async function readServers(
  central: pg.Pool | pg.ClientBase,
  keys: KeyRing,
): Promise<DatabaseServer[]> {
  const { rows } = await central.query<ServerRow>('SELECT * FROM database_servers ORDER BY name');
  return Promise.all(rows.map((row) => serverOf(row, keys)));
}

/** @throws Error when there is no server of this id */
export async function readServer(central: pg.Pool, keys: KeyRing, id: string): Promise<DatabaseServer> {
  const { rows } = await central.query<ServerRow>('SELECT * FROM database_servers WHERE id = $1', [id]);
  const [row] = rows;
  if (!row) throw new Error(`There is no database server ${id}.`);
  return serverOf(row, keys);
}

async function serverOf(row: ServerRow, keys: KeyRing): Promise<DatabaseServer> {
  const { id, name, state, host, port, parameters, pooler_host: poolerHost, pooler_port: poolerPort } = row;
  const pooler = poolerHost === null || poolerPort === null ? null : { host: poolerHost, port: poolerPort };
  return {
    id,
    name,
    state,
    host,
    port,
    pooler,
    parameters,
    adminUrl: await keys.open(row.admin_url_sealed, id),
  };
}

/** Where a URL says that its server is. */
export function addressOf(adminUrl: string): { host: string; port: number } {
  const url = new URL(adminUrl);
  // PostgreSQL's drivers want an IPv6 address without the brackets that a URL puts around it.
  return { host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: url.port === '' ? 5432 : Number(url.port) };
}
