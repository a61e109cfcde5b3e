import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { masterKeyId } from '@nova/core/platform/crypto/sealed-text.js';
import { openDataFolder } from '@nova/core/platform/embedded/data-folder.js';
import { loadSecrets } from '@nova/core/platform/embedded/secrets.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { EXIT_CODES } from '../output/exit-codes.js';
import { withSecrets } from './embedded-environment.js';
import { forgetMasterKeys, makeMasterKey } from './master-key.js';

let env: { NOVA_DATA_DIR: string };

beforeEach(async () => {
  env = { NOVA_DATA_DIR: await mkdtemp(path.join(tmpdir(), 'nova-master-key-')) };
});
afterEach(() => rm(env.NOVA_DATA_DIR, { recursive: true, force: true }));

const idOf = (hex: string | undefined) => masterKeyId(Buffer.from(hex ?? '', 'hex'));

describe('a new master key', () => {
  it('stands in the data folder beside the old one, until nothing needs that any more', async () => {
    const { encryptionKey: old } = await loadSecrets(env.NOVA_DATA_DIR);
    expect(await makeMasterKey(env)).toBe('stopped');
    const secrets = await loadSecrets(env.NOVA_DATA_DIR);
    expect(withSecrets(env, secrets)).toMatchObject({
      ENCRYPTION_KEY: secrets.encryptionKey,
      ENCRYPTION_KEYS_PREVIOUS: old,
    });
    await forgetMasterKeys(env, []);
    expect((await loadSecrets(env.NOVA_DATA_DIR)).encryptionKeysPrevious).toEqual([old]);
    await forgetMasterKeys(env, [idOf(old)]);
    expect(await loadSecrets(env.NOVA_DATA_DIR)).toEqual({ ...secrets, encryptionKeysPrevious: [] });
  });

  it('is made for a platform that runs as well, which has to be restarted', async () => {
    const folder = await openDataFolder(env.NOVA_DATA_DIR);
    expect(await makeMasterKey(env)).toBe('running');
    expect((await loadSecrets(env.NOVA_DATA_DIR)).encryptionKeysPrevious).toEqual([
      folder.secrets.encryptionKey,
    ]);
    await folder.release();
  });

  it.each([
    { CENTRAL_DATABASE_URL: 'postgres://a@b/c' },
    { ENCRYPTION_KEY: 'ab'.repeat(32) },
    { NODE_ENV: 'production' },
  ])('is not for us to make where it comes from the environment: %j', async (variables) => {
    await expect(makeMasterKey({ ...env, ...variables })).rejects.toMatchObject({
      message: expect.stringContaining('ENCRYPTION_KEYS_PREVIOUS'),
      exitCode: EXIT_CODES.precondition,
    });
  });
});
