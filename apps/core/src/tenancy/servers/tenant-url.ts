import type { DatabaseServer } from './admin-client.js';

/** A tenant's database on its server, and the role that enters it. */
export interface TenantAddress extends Pick<DatabaseServer, 'host' | 'port' | 'parameters'> {
  readonly databaseName: string;
  readonly roleName: string;
}

/**
 * What a connection's URL may say of TLS, as node-postgres reads it. Everything else in an administrator's URL is about
 * the administrator, and a tenant must not inherit it: `user` and `host` there would even win over the tenant's own.
 */
const TLS_PARAMETERS = new Set([
  'ssl',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  // It decides what `sslmode` means.
  'uselibpqcompat',
]);

/** The TLS parameters of an administrator's URL as a query string; empty when it has none. */
export function tlsParametersOf(adminUrl: string): string {
  const given = [...new URL(adminUrl).searchParams];
  return new URLSearchParams(given.filter(([name]) => TLS_PARAMETERS.has(name))).toString();
}

/** The URL that a tenant's role enters its database with, over TLS where the server's administrator does. */
export function tenantUrl(address: TenantAddress, password: string): string {
  // An IPv6 address is kept without the brackets that it needs in a URL.
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const login = `${encodeURIComponent(address.roleName)}:${encodeURIComponent(password)}`;
  const query = address.parameters === '' ? '' : `?${address.parameters}`;
  return `postgres://${login}@${host}:${address.port}/${encodeURIComponent(address.databaseName)}${query}`;
}
