import { describe, expect, it } from 'vitest';

import { newId } from '../../platform/ids/new-id.js';
import { clusterNames } from './cluster-names.js';

const namesFor = (database: string) =>
  clusterNames(`postgres://nova@localhost:5432/${encodeURIComponent(database)}`);

describe('names on a server', () => {
  it('derive from the central database’s', () => {
    const names = namesFor('nova_central');
    expect(names.template).toBe('nova_tenant_template');
    expect(names.group).toBe('nova_tenant_rw');
    expect(names.tenantDatabase('tdb_01ke4v7m2qf7ct3xv0ab9d8h6r')).toBe(
      'nova_tenant_01ke4v7m2qf7ct3xv0ab9d8h6r',
    );
  });

  it('keep two platforms on one server apart', () => {
    expect(namesFor('nova_test_ab12').template).toBe('nova_test_ab12_template');
    expect(namesFor('Nova').group).not.toBe(namesFor('nova').group);
    expect(namesFor('a-b').group).not.toBe(namesFor('a b').group);
  });

  it('number the roles of a database whose password is rotated, and keep its id whole', () => {
    const id = 'tdb_01ke4v7m2qf7ct3xv0ab9d8h6r';
    expect(namesFor('nova_central').tenantRole(id, 7)).toBe('nova_tenant_01ke4v7m2qf7ct3xv0ab9d8h6r_v7');
    expect(namesFor('x'.repeat(36)).tenantRole(id, 7)).toMatch(/^x+_01ke4v7m2qf7ct3xv0ab9d8h6r_v7$/);
  });

  it.each(['nova_central', 'x'.repeat(63), 'Ünïcode “central”', '1st', 'a-b_central'])(
    'fit PostgreSQL’s 63 bytes and need no quotes: %s',
    (database) => {
      const names = namesFor(database);
      const id = newId('tdb');
      for (const name of [
        names.template,
        names.group,
        names.tenantDatabase(id),
        names.tenantRole(id, 123_456),
        names.tenantCopy(id, 'old'),
      ]) {
        expect(name).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
      }
    },
  );

  it('refuses a URL without a database', () => {
    expect(() => clusterNames('postgres://localhost')).toThrow(/names no database/);
  });
});
