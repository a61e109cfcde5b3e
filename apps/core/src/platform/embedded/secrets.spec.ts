import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { addMasterKey, dropMasterKeys, loadSecrets } from './secrets.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-secrets-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the secrets of a data folder', () => {
  it('are made once, differ from each other, and are readable by their owner only', async () => {
    const made = await loadSecrets(folder);
    expect(await loadSecrets(folder)).toEqual(made);
    const all = [made.jwtSecret, made.encryptionKey, ...Object.values(made.postgres)];
    expect(new Set(all).size).toBe(5);
    for (const secret of all) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    const { mode } = await stat(path.join(folder, 'secrets.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('take a new master key in beside the old one, which stays until nothing needs it', async () => {
    const made = await loadSecrets(folder);
    const changed = await addMasterKey(folder);
    expect(changed.encryptionKey).not.toBe(made.encryptionKey);
    expect(changed).toEqual({
      ...made,
      encryptionKey: changed.encryptionKey,
      encryptionKeysPrevious: [made.encryptionKey],
    });
    const again = await addMasterKey(folder);
    expect(again.encryptionKeysPrevious).toEqual([changed.encryptionKey, made.encryptionKey]);
    const needed = Buffer.from(made.encryptionKey, 'hex');
    await dropMasterKeys(folder, (key) => key.equals(needed));
    expect((await loadSecrets(folder)).encryptionKeysPrevious).toEqual([made.encryptionKey]);
  });

  it('of the first release have no previous master keys', async () => {
    const { encryptionKeysPrevious, ...first } = await loadSecrets(folder);
    expect(encryptionKeysPrevious).toEqual([]);
    await writeFile(path.join(folder, 'secrets.json'), JSON.stringify(first));
    expect(await loadSecrets(folder)).toEqual({ ...first, encryptionKeysPrevious: [] });
  });

  it('are not made anew for databases that were made with others', async () => {
    await mkdir(path.join(folder, 'postgres'));
    await writeFile(path.join(folder, 'postgres/initialised'), '18');
    await expect(loadSecrets(folder)).rejects.toThrow('no secrets.json');
  });

  it('are never overwritten when they cannot be read', async () => {
    const file = path.join(folder, 'secrets.json');
    await writeFile(file, '{"jwtSecret":');
    await expect(loadSecrets(folder)).rejects.toThrow('damaged');
    await writeFile(file, '{"jwtSecret":"short"}');
    await expect(loadSecrets(folder)).rejects.toThrow('damaged');
    expect(await readFile(file, 'utf8')).toBe('{"jwtSecret":"short"}');
  });
});
