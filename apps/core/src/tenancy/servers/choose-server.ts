import type { CentralTransaction } from '../central/central-database.js';
import { noDatabaseServer } from './servers.errors.js';

interface Candidate {
  id: string;
  isAllowed: boolean;
  hasRoom: boolean;
  isFit: boolean;
}

/**
 * Lets one at a time decide where databases go, until the transaction ends: two at once would both take a server's last
 * place, or a server that is being closed.
 */
export async function lockPlacement(tx: CentralTransaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('nova:placement', 0))`;
}

/**
 * The server that a tenant's next database is made on: of the open ones in its region that have room, the one with the
 * fewest databases for its weight. Hold `lockPlacement` until the database's row is written.
 * @throws no_database_server
 */
export async function chooseServer(tx: CentralTransaction, tenantId: string): Promise<string> {
  const servers = await tx.$queryRaw<Candidate[]>`
    SELECT s.id,
           (t.region IS NULL OR s.region = t.region) AS "isAllowed",
           (s.capacity IS NULL OR n.databases < s.capacity) AS "hasRoom",
           (s.state = 'open' AND s.weight > 0) AS "isFit"
      FROM tenants t CROSS JOIN database_servers s
      CROSS JOIN LATERAL (
        SELECT count(*) AS databases FROM tenant_databases d WHERE d.server_id = s.id AND d.status <> 'retired') n
     WHERE t.id = ${tenantId}
     ORDER BY (n.databases + 1)::numeric / NULLIF(s.weight, 0) NULLS LAST, s.id`;
  const chosen = servers.find((server) => server.isFit && server.isAllowed && server.hasRoom);
  if (chosen) return chosen.id;
  throw noDatabaseServer(whyNone(servers));
}

/** What an operator has to change: each of these is mended by another command. */
function whyNone(servers: readonly Candidate[]): string {
  const fit = servers.filter(({ isFit }) => isFit);
  if (fit.length === 0) return 'No database server is open to new tenant databases.';
  if (!fit.some(({ isAllowed }) => isAllowed)) return 'No open database server is in the tenant’s region.';
  return 'Every open database server that the tenant may be on is full.';
}
