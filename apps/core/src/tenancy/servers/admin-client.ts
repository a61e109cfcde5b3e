import pg from 'pg';

/** A server that holds tenant databases, with its administrator's URL opened. */
export interface DatabaseServer {
  readonly id: string;
  readonly name: string;
  /** open: new databases are made here | draining: none are | closed: not looked after any more. */
  readonly state: string;
  readonly host: string;
  readonly port: number;
  /** Where tenants' connections go instead; null means direct. */
  readonly pooler: { readonly host: string; readonly port: number } | null;
  /** How connections of tenants use TLS, as the query string of a URL. */
  readonly parameters: string;
  readonly adminUrl: string;
}

/**
 * Runs `work` on a direct connection of the server's administrator, closed afterwards: to the database that the URL
 * names, where roles and databases are made, or to `database`.
 */
export async function withAdminClient<T>(
  server: Pick<DatabaseServer, 'adminUrl'>,
  work: (client: pg.Client) => Promise<T>,
  database?: string,
): Promise<T> {
  const url = new URL(server.adminUrl);
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  return withClient({ connectionString: url.href, application_name: 'nova-admin' }, work);
}

/** Runs `work` on a connection of its own, closed afterwards. */
export async function withClient<T>(
  config: pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, keepAlive: true, ...config });
  // A connection that is lost rejects the query on it; without a listener it would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
