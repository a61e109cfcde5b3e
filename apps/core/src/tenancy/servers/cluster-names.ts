import { createHash } from 'node:crypto';

/** PostgreSQL cuts names off after 63 bytes; a tenant database's has the stem, `_` and 26 characters. */
const LONGEST_NAME = 63;
const LONGEST_STEM = LONGEST_NAME - 27;

/** What a central database calls its things on a server: names of databases and roles are shared by all of the server. */
export interface ClusterNames {
  /** The database that tenant databases are cloned from. */
  readonly template: string;
  /** The role, without a login, that holds what every tenant's role may do. */
  readonly group: string;
  /**
   * The role that a pooler looks passwords up with, where there is one. Its name is the same for every platform, because
   * a pooler stands in front of a server and serves all of them.
   */
  readonly pooler: 'nova_pooler';
  /** The name of a tenant database and of the role that is made with it, from the id of its row. */
  tenantDatabase(databaseId: string): string;
  /** The name of a role that enters it after its password was rotated: one of the id and a number that is used once. */
  tenantRole(databaseId: string, generation: number): string;
  /** The name of a database that is to take a tenant database's place, or whose place was taken. */
  tenantCopy(databaseId: string, which: 'new' | 'old'): string;
}

/**
 * Derives the names from the central database's own, so that several platforms can share one server:
 * `nova_central` has `nova_tenant_template`, `nova_tenant_rw` and `nova_tenant_01ke…`; `acme` has `acme_template` and so on.
 */
export function clusterNames(centralDatabaseUrl: string): ClusterNames {
  const stem = stemOf(decodeURIComponent(new URL(centralDatabaseUrl).pathname.slice(1)));
  return {
    template: `${stem}_template`,
    group: `${stem}_rw`,
    pooler: 'nova_pooler',
    tenantDatabase: (databaseId) => `${stem}_${uniquePartOf(databaseId)}`,
    tenantRole: (databaseId, generation) => withEnding(stem, `_${uniquePartOf(databaseId)}_v${generation}`),
    tenantCopy: (databaseId, which) => withEnding(stem, `_${uniquePartOf(databaseId)}_${which}`),
  };
}

function withEnding(stem: string, ending: string): string {
  return stem.slice(0, LONGEST_NAME - ending.length) + ending;
}

function uniquePartOf(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

function stemOf(centralDatabase: string): string {
  if (centralDatabase === '') throw new Error('CENTRAL_DATABASE_URL names no database.');
  const stem = centralDatabase.replace(/_central$/, '_tenant');
  if (/^[a-z][a-z0-9_]*$/.test(stem) && stem.length <= LONGEST_STEM) return stem;
  // A name that cannot be taken over as it is: what can be read of it, and a hash so that two such names stay two.
  const readable = stem
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, LONGEST_STEM - 14);
  return `nova_${readable}_${createHash('sha256').update(centralDatabase).digest('hex').slice(0, 8)}`;
}
