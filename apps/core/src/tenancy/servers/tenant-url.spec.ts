import pg from 'pg';
import { describe, expect, it } from 'vitest';

import { tenantUrl, tlsParametersOf } from './tenant-url.js';

const database = { databaseName: 'tdb_1', roleName: 'tdb_1' };

describe('the TLS parameters of an administrator’s URL', () => {
  it.each([
    ['postgres://a:b@db:5432/postgres', ''],
    ['postgres://a:b@db/postgres?application_name=x&user=root&host=other', ''],
    ['postgres://a:b@db/postgres?sslmode=require&user=root', 'sslmode=require'],
    [
      'postgres://a:b@db/postgres?sslmode=verify-full&sslrootcert=/etc/nova/the%20ca.pem',
      'sslmode=verify-full&sslrootcert=%2Fetc%2Fnova%2Fthe+ca.pem',
    ],
    ['postgres://a:b@db/postgres?uselibpqcompat=true&sslmode=require', 'uselibpqcompat=true&sslmode=require'],
  ])('of %s are "%s"', (url, parameters) => {
    expect(tlsParametersOf(url)).toBe(parameters);
  });
});

describe('a tenant’s URL', () => {
  const client = (host: string, parameters: string, password = 'secret') =>
    new pg.Client({ connectionString: tenantUrl({ host, port: 5433, parameters, ...database }, password) });

  it('leads to the tenant’s database as its role, in clear where nothing is said of TLS', () => {
    const { host, port, user, password, ssl } = client('db.example', '', 'a%b/c:d@e?f#g h');
    expect({ host, port, user, password, ssl }).toEqual({
      host: 'db.example',
      port: 5433,
      user: 'tdb_1',
      password: 'a%b/c:d@e?f#g h',
      ssl: false,
    });
    expect(client('db.example', '').database).toBe('tdb_1');
  });

  it('takes an IPv6 address', () => {
    expect(client('::1', '').host).toBe('::1');
  });

  it('asks for TLS as the parameters say', () => {
    expect(client('db.example', 'sslmode=no-verify').ssl).toEqual({ rejectUnauthorized: false });
    expect(client('db.example', 'sslmode=verify-full').ssl).toEqual({});
    expect(client('db.example', 'sslmode=disable').ssl).toBe(false);
  });
});
