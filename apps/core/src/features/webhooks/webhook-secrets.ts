import { Injectable } from '@nestjs/common';

import { newId } from '../../platform/ids/new-id.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { KeyRing } from '../../tenancy/keys/key-ring.js';

/** Whose secrets: a tenant database; a `TenantContext` is one. */
interface SecretOwner {
  readonly databaseId: string;
}

interface SecretRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly secret_sealed: string;
}

/** What endpoints sign with. It is in central, sealed, so that no copy of a tenant's database can sign in its name. */
@Injectable()
export class WebhookSecrets {
  constructor(
    private readonly central: CentralDatabase,
    private readonly keys: KeyRing,
  ) {}

  /** Keeps an endpoint's first secret; one that it has already stays, and is answered. */
  async begin(owner: SecretOwner, endpointId: string, secret: string): Promise<string> {
    const [known] = await this.of(owner, endpointId, new Date(0));
    if (known !== undefined) return known;
    await this.insert(owner, { id: newId('whs'), endpointId, secret });
    return secret;
  }

  /**
   * Gives an endpoint another secret; those before sign too until `until`. Asked again with the same id it changes
   * nothing.
   */
  async replace(
    owner: SecretOwner,
    { id, endpointId, secret, until }: { id: string; endpointId: string; secret: string; until: Date },
  ): Promise<string> {
    const { pool } = this.central;
    const known = await pool.query<{ id: string }>('SELECT id FROM webhook_secrets WHERE id = $1', [id]);
    if (known.rowCount === 0) {
      await pool.query(
        `UPDATE webhook_secrets SET expires_at = LEAST(expires_at, $3)
          WHERE tenant_database_id = $1 AND endpoint_id = $2`,
        [owner.databaseId, endpointId, until],
      );
      await this.insert(owner, { id, endpointId, secret });
    }
    const [newest] = await this.of(owner, endpointId, new Date(0));
    return newest ?? secret;
  }

  /** The secrets that an endpoint signs with at a moment, the newest first. */
  async of(owner: SecretOwner, endpointId: string, now: Date): Promise<string[]> {
    return (await this.ofMany(owner, [endpointId], now)).get(endpointId) ?? [];
  }

  /** The same of several endpoints. */
  async ofMany(
    { databaseId }: SecretOwner,
    endpointIds: readonly string[],
    now: Date,
  ): Promise<Map<string, string[]>> {
    const { rows } = await this.central.pool.query<SecretRow>(
      `SELECT id, endpoint_id, secret_sealed FROM webhook_secrets
        WHERE tenant_database_id = $1 AND endpoint_id = ANY($2) AND (expires_at IS NULL OR expires_at > $3)
        ORDER BY created_at DESC, id DESC`,
      [databaseId, endpointIds, now],
    );
    const secrets = new Map<string, string[]>();
    for (const { id, endpoint_id, secret_sealed } of rows) {
      const opened = await this.keys.open(secret_sealed, aadOf(id));
      secrets.set(endpoint_id, [...(secrets.get(endpoint_id) ?? []), opened]);
    }
    return secrets;
  }

  async remove({ databaseId }: SecretOwner, endpointId: string): Promise<void> {
    await this.central.pool.query(
      'DELETE FROM webhook_secrets WHERE tenant_database_id = $1 AND endpoint_id = $2',
      [databaseId, endpointId],
    );
  }

  /** Removes what has expired before a moment, and what belongs to no endpoint that there is. */
  async tidy({ databaseId }: SecretOwner, endpointIds: readonly string[], before: Date): Promise<void> {
    await this.central.pool.query(
      `DELETE FROM webhook_secrets
        WHERE tenant_database_id = $1 AND (expires_at < $3 OR (created_at < $3 AND NOT endpoint_id = ANY($2)))`,
      [databaseId, endpointIds, before],
    );
  }

  private async insert(
    { databaseId }: SecretOwner,
    { id, endpointId, secret }: { id: string; endpointId: string; secret: string },
  ): Promise<void> {
    await this.central.pool.query(
      'INSERT INTO webhook_secrets (id, tenant_database_id, endpoint_id, secret_sealed) VALUES ($1, $2, $3, $4)',
      [id, databaseId, endpointId, await this.keys.seal(secret, aadOf(id))],
    );
  }
}

function aadOf(id: string): string {
  return `webhook ${id}`;
}
