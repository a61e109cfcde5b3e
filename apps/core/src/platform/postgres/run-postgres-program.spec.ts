import { describe, expect, it } from 'vitest';

import { libpqEnvironment } from './run-postgres-program.js';

describe('how PostgreSQL’s programs are told to log in', () => {
  it('takes names and passwords out of the URL as they are', () => {
    expect(libpqEnvironment('postgres://ad%40min:p%3Aw%2Fd@[::1]/postgres', 'nova_1')).toMatchObject({
      PGHOST: '::1',
      PGPORT: '5432',
      PGUSER: 'ad@min',
      PGPASSWORD: 'p:w/d',
      PGDATABASE: 'nova_1',
    });
  });

  it('takes over how TLS is used, in libpq’s words', () => {
    const url = 'postgres://a:b@db.example:6543/postgres?sslmode=no-verify&sslrootcert=/ca.pem&user=other';
    const environment = libpqEnvironment(url, 'x');
    expect(environment).toMatchObject({
      PGPORT: '6543',
      PGSSLMODE: 'require',
      PGSSLROOTCERT: '/ca.pem',
      PGUSER: 'a',
    });
    expect(libpqEnvironment('postgres://a:b@db/x?ssl=true', 'x')).toMatchObject({ PGSSLMODE: 'require' });
  });
});
