import type { Config } from '../../platform/config/config.schema.js';
import { SQL_STATE, sqlStateOf } from '../../platform/postgres/sql-state.js';
import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import type { KeyRing } from '../keys/key-ring.js';
import { tenantUrl } from '../servers/tenant-url.js';
import { tenantCapacity } from '../tenancy.errors.js';
import type { ClientEvents } from './client-events.js';
import { connectSeconds } from './client-metrics.js';
import { Reachability } from './reachability.js';
import { TenantClient } from './tenant-client.js';
import { saysUnreachable, tryLogin } from './tenant-login.js';
import { TenantPool } from './tenant-pool.js';

/** Connects to tenant databases as their roles, and knows which of them do not answer at the moment. */
export class TenantConnections {
  readonly reachability: Reachability;

  constructor(
    private readonly config: Pick<Config, 'tenantPoolSize' | 'tenantPoolIdleMs'>,
    private readonly keys: KeyRing,
    private readonly events: ClientEvents,
  ) {
    this.reachability = new Reachability((database) => this.probe(database), events);
  }

  /** A client that connects when it is opened. It asks for no more connections than its server may be given. */
  clientOf(database: DatabaseSnapshot): TenantClient {
    const { serverId, serverConnectionBudget: serverLimit } = database;
    const count = Math.min(this.config.tenantPoolSize, serverLimit ?? Infinity);
    return new TenantClient(database, { serverId, serverLimit, count }, () => this.openPool(database, count));
  }

  /**
   * Looks whether the database answers, on a connection beside its pool.
   * @throws Error when it does not
   */
  async probe(database: DatabaseSnapshot): Promise<void> {
    // Without its password nothing can be said of it.
    const url = await this.urlOf(database).catch(() => null);
    if (url !== null) await tryLogin(url);
  }

  private async openPool(database: DatabaseSnapshot, max: number): Promise<TenantPool> {
    const connectionString = await this.urlOf(database);
    const options = { connectionString, max, idleMs: this.config.tenantPoolIdleMs };
    return new TenantPool(options, {
      connected: (milliseconds) => {
        connectSeconds.observe({ server: database.serverName }, milliseconds / 1_000);
        this.reachability.answered(database);
      },
      notConnected: (error) => this.meaningOf(database, error),
      lost: (error) => this.events.connectionLost(database, error),
    });
  }

  private meaningOf(database: DatabaseSnapshot, error: Error): Error {
    if (sqlStateOf(error) === SQL_STATE.tooManyConnections) {
      this.events.refusedByServer(database, error);
      return tenantCapacity('The tenant’s database server has no connection left. Try again in a moment.', {
        headers: { 'Retry-After': '1' },
        cause: error,
      });
    }
    return saysUnreachable(error) ? this.reachability.lost(database, error) : error;
  }

  private async urlOf(database: DatabaseSnapshot): Promise<string> {
    return tenantUrl(database, await this.keys.open(database.passwordSealed, database.tenantId));
  }
}
