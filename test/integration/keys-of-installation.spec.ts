import { randomBytes } from 'node:crypto';

import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { masterKeyId, sealText, SealedTextError } from '@nova/core/platform/crypto/sealed-text.js';
import { readDataKeys } from '@nova/core/tenancy/keys/data-keys.js';
import { KeyRingError } from '@nova/core/tenancy/keys/key-ring-error.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { listKeys } from '@nova/core/tenancy/keys/list-keys.js';
import { MasterKeys } from '@nova/core/tenancy/keys/master-keys.js';
import { prepareKeys } from '@nova/core/tenancy/keys/prepare-keys.js';
import { destroyRetiredKeys } from '@nova/core/tenancy/keys/retire-keys.js';
import { rotateKeys } from '@nova/core/tenancy/keys/rotate-keys.js';
import { withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { killedAtStatement } from '../support/killed-process.js';
import { environmentOf, ProvisioningPlatform } from './provisioning-platform.js';

let platform: ProvisioningPlatform;
let central: pg.Pool;

beforeAll(async () => {
  platform = await ProvisioningPlatform.create();
  central = platform.central.pool;
});
afterAll(() => platform.drop());

/** The configuration of a process that has these master keys. */
const having = (present: Buffer, ...previous: Buffer[]): Config => ({
  ...platform.config,
  encryptionKey: present,
  encryptionKeysPrevious: previous,
});
const AAD = (key: string) => `idempotency test ${key}`;

async function keep(key: string, sealed: string): Promise<void> {
  await central.query(
    `INSERT INTO idempotency_records (scope, key, route, request_hash, locked_until, expires_at, sealed_body)
     VALUES ('test', $1, '-', '-', now(), now(), $2)
     ON CONFLICT (scope, key) DO UPDATE SET sealed_body = EXCLUDED.sealed_body`,
    [key, sealed],
  );
}

async function kept(): Promise<{ key: string; sealed: string }[]> {
  const { rows } = await central.query<{ key: string; sealed: string }>(
    `SELECT key, sealed_body AS sealed FROM idempotency_records WHERE scope = 'test' ORDER BY key`,
  );
  return rows;
}

const activeKey = async () =>
  (await readDataKeys(central)).find((key) => key.purpose === 'seal' && key.state === 'active')?.id;

describe('the keys of a new installation', () => {
  it('are random, wrapped, and made once', async () => {
    const keys = await readDataKeys(central);
    expect(keys.map(({ purpose, state }) => `${purpose} ${state}`).sort()).toEqual([
      'hash active',
      'seal active',
    ]);
    const ring = await openKeyRing(central, platform.config);
    expect(ring.hashKey()).toHaveLength(32);
    expect(ring.hashKey()).not.toEqual(platform.config.encryptionKey);
    expect(JSON.stringify(keys)).not.toContain(ring.hashKey().toString('base64url'));
    await withCentralClient(platform.config, (client) => prepareKeys(client, platform.config));
    expect(await readDataKeys(central)).toEqual(keys);
  });

  it('do not open with another master key, and the refusal says which is missing', async () => {
    const foreign = randomBytes(32);
    const refusal = openKeyRing(central, having(foreign));
    await expect(refusal).rejects.toThrow(KeyRingError);
    await expect(refusal).rejects.toThrow(masterKeyId(platform.config.encryptionKey));
    const listed = await listKeys(central, new MasterKeys(having(foreign)));
    expect(listed.dataKeys.every((key) => !key.opens)).toBe(true);
    await expect(rotateKeys(having(foreign))).rejects.toThrow(KeyRingError);
  });

  it('seal for one owner, and open what the master key itself has sealed', async () => {
    const ring = await openKeyRing(central, platform.config);
    const sealed = await ring.seal('secret', 'ten_1');
    expect(sealed).toMatch(/^v2\.dk_[0-9a-z]{26}\./);
    expect(await ring.open(sealed, 'ten_1')).toBe('secret');
    await expect(ring.open(sealed, 'ten_2')).rejects.toThrow(SealedTextError);
    const bytes = platform.config.encryptionKey;
    const old = sealText('v1', { id: masterKeyId(bytes), bytes }, 'of before', 'ten_1');
    expect(await ring.open(old, 'ten_1')).toBe('of before');
    await expect(ring.open(sealText('v2', { id: 'dk_x', bytes }, 'x', 'a'), 'a')).rejects.toThrow('dk_x');
  });
});

describe('a rotation', () => {
  it('seals all anew, and processes that have not heard of it read the keys again', async () => {
    const unaware = await openKeyRing(central, platform.config);
    const before = await activeKey();
    for (let at = 0; at < 450; at++) await keep(`k${at}`, await unaware.seal(`secret ${at}`, AAD(`k${at}`)));
    const result = await rotateKeys(platform.config);
    expect(result).toMatchObject({ resumed: false, unopened: [], rewrapped: 0, retired: [before] });
    expect(result.texts).toBeGreaterThanOrEqual(451);
    const rows = await kept();
    expect(rows.every(({ sealed }) => sealed.startsWith(`v2.${result.activeKeyId}.`))).toBe(true);
    expect(await unaware.open(rows[0]?.sealed ?? '', AAD(rows[0]?.key ?? ''))).toMatch(/^secret/);
    expect(unaware.activeKeyId).toBe(result.activeKeyId);
  });

  it('destroys a key only after a time, and not while anything is left that it has sealed', async () => {
    const unaware = await openKeyRing(central, platform.config);
    const late = await unaware.seal('on its way', AAD('late'));
    await rotateKeys(platform.config);
    expect(await destroyRetiredKeys(central)).toEqual([]);
    await keep('late', late);
    const replaced = late.split('.')[1] ?? '';
    const destroyed = await destroyRetiredKeys(central, 0);
    expect(destroyed).toHaveLength(1);
    expect(destroyed).not.toContain(replaced);
    await rotateKeys(platform.config);
    expect(await destroyRetiredKeys(central, 0)).toContain(replaced);
    const ring = await openKeyRing(central, platform.config);
    const row = (await kept()).find(({ key }) => key === 'late');
    expect(await ring.open(row?.sealed ?? '', AAD('late'))).toBe('on its way');
  });

  it('tells of texts that do not open, and leaves them', async () => {
    await keep('damaged', await (await openKeyRing(central, platform.config)).seal('x', 'another owner'));
    const { unopened } = await rotateKeys(platform.config);
    expect(unopened).toEqual([
      {
        table: 'idempotency_records',
        row: 'test damaged',
        reason: expect.stringMatching(/belongs to something else/),
      },
    ]);
    await central.query(`DELETE FROM idempotency_records WHERE key = 'damaged'`);
  });

  it('is one at a time', async () => {
    const other = new pg.Client({ connectionString: platform.databases.centralUrl });
    await other.connect();
    await other.query(`SELECT pg_advisory_lock(hashtextextended('nova:keys', 0))`);
    await expect(rotateKeys(platform.config)).rejects.toThrow('Another rotation');
    await other.end();
    const both = await Promise.all([rotateKeys(platform.config), rotateKeys(platform.config)]);
    expect(both.flatMap(({ unopened }) => unopened)).toEqual([]);
  });

  it('is refused while a process would be locked out by the new master key', async () => {
    const process = new pg.Client({
      connectionString: platform.databases.centralUrl,
      application_name: `nova-changes ${masterKeyId(platform.config.encryptionKey)}`,
    });
    await process.connect();
    const changed = having(randomBytes(32), platform.config.encryptionKey);
    await expect(rotateKeys(changed)).rejects.toThrow('would be locked out');
    await rotateKeys(platform.config);
    await process.end();
  });
});

describe('a rotation to a new master key that is killed', () => {
  const fresh = randomBytes(32);
  const program = `
    import { loadConfig } from '@nova/core/platform/config/load-config.js';
    import { rotateKeys } from '@nova/core/tenancy/keys/rotate-keys.js';
    await rotateKeys(loadConfig(process.env));`;
  const hashKeys = new Set<string>();

  // Before the transaction that it begins with, within it, and between the batches that follow.
  it.each([3, 7, 10, 13, 16])('at statement %i leaves nothing closed', async (statement) => {
    const present = statement % 2 === 0 ? fresh : platform.config.encryptionKey;
    const previous = statement % 2 === 0 ? platform.config.encryptionKey : fresh;
    const env = {
      ...environmentOf(platform.databases),
      ENCRYPTION_KEY: present.toString('hex'),
      ENCRYPTION_KEYS_PREVIOUS: previous.toString('hex'),
    };
    expect(await killedAtStatement(statement, program, env)).toBe(true);
    const ring = await openKeyRing(central, loadConfig(env));
    hashKeys.add(ring.hashKey().toString('hex'));
    for (const { key, sealed } of await kept()) await ring.open(sealed, AAD(key));
  });

  it('is finished by the next one, after which the old master key can go', async () => {
    const before = await readDataKeys(central);
    const result = await rotateKeys(having(fresh, platform.config.encryptionKey));
    expect(result.resumed).toBe(before.some((key) => key.state === 'retiring'));
    expect(result.unopened).toEqual([]);
    const ring = await openKeyRing(central, having(fresh));
    for (const { key, sealed } of await kept()) {
      expect(sealed.startsWith(`v2.${result.activeKeyId}.`)).toBe(true);
      await ring.open(sealed, AAD(key));
    }
    expect([...hashKeys]).toEqual([ring.hashKey().toString('hex')]);
    const listed = await listKeys(central, new MasterKeys(having(fresh, platform.config.encryptionKey)));
    expect(listed.removable).toEqual([masterKeyId(platform.config.encryptionKey)]);
    await expect(openKeyRing(central, platform.config)).rejects.toThrow(KeyRingError);
  });
});

describe('the keys of an installation of the first release', () => {
  it('keep the hashes that it has: of the key that was the master key then', async () => {
    const first = randomBytes(32);
    const config = having(randomBytes(32), first);
    const seal = (plain: string, aad: string) =>
      sealText('v1', { id: masterKeyId(first), bytes: first }, plain, aad);
    await central.query('TRUNCATE data_keys, idempotency_records');
    const { rows } = await central.query<{ id: string }>('SELECT id FROM database_servers');
    for (const { id } of rows) {
      await central.query('UPDATE database_servers SET admin_url_sealed = $2 WHERE id = $1', [
        id,
        seal(config.internalPostgresUrl, id),
      ]);
    }
    const tenantId = await platform.addTenant();
    await platform.central.db.apiKey.create({
      data: {
        id: 'key_1',
        tenantId,
        mode: 'test',
        kind: 'secret',
        name: 'k',
        hint: 'h',
        hash: 'x',
        createdBy: 'u',
      },
    });
    await withCentralClient(config, async (client) => {
      const ring = await prepareKeys(client, config);
      expect(ring.hashKey()).toEqual(first);
      const listed = await listKeys(client, new MasterKeys(config));
      expect(listed).toMatchObject({ unenveloped: 1, removable: [] });
    });
    const { unopened, texts } = await rotateKeys(config);
    expect({ unopened, texts }).toEqual({ unopened: [], texts: 1 });
    expect((await openKeyRing(central, having(config.encryptionKey))).hashKey()).toEqual(first);
  });

  it('are not used when somebody has put a key into another row', async () => {
    const config = having(randomBytes(32));
    await central.query('TRUNCATE data_keys');
    await withCentralClient(config, (client) => prepareKeys(client, config));
    await central.query(
      `UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE purpose = 'hash') WHERE purpose = 'seal'`,
    );
    await expect(openKeyRing(central, config)).rejects.toThrow(SealedTextError);
  });
});
