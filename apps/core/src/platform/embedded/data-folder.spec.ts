import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openDataFolder, type ReadyNote } from './data-folder.js';

const NOTE: ReadyNote = {
  url: 'http://127.0.0.1:3000',
  docsUrl: 'http://127.0.0.1:3000/api/docs',
  mailUrl: null,
  smtpUrl: null,
  fakesUrl: null,
  payUrl: null,
  demo: {
    email: 'a@b.example',
    password: 'p',
    tenantId: 'ten_1',
    testKey: 'sk_test_1',
    liveKey: 'sk_live_1',
  },
  operator: { email: 'o@b.example', password: 'q' },
};

let parent: string;
let folder: string;

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'nova-folder-'));
  folder = path.join(parent, 'deep/data');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

describe('the data folder', () => {
  it('is made for its owner only, and tells scripts when all is up', async () => {
    const opened = await openDataFolder(folder);
    expect(await modeOf(folder)).toBe(0o700);
    await opened.writeReady(NOTE);
    const ready = path.join(folder, 'ready.json');
    expect(await modeOf(ready)).toBe(0o600);
    expect(JSON.parse(await readFile(ready, 'utf8'))).toEqual(NOTE);
    await opened.release();
    await expect(stat(ready)).rejects.toThrow('ENOENT');
  });

  it('does not believe the note of a start that was killed', async () => {
    await (await openDataFolder(folder)).release();
    await writeFile(path.join(folder, 'ready.json'), '{}');
    const opened = await openDataFolder(folder);
    await expect(stat(path.join(folder, 'ready.json'))).rejects.toThrow('ENOENT');
    await opened.release();
  });

  it('is given back when its secrets cannot be used', async () => {
    await (await openDataFolder(folder)).release();
    await writeFile(path.join(folder, 'secrets.json'), '{}');
    await expect(openDataFolder(folder)).rejects.toThrow('damaged');
    await expect(stat(path.join(folder, 'lock.json'))).rejects.toThrow('ENOENT');
  });

  it.skipIf(process.getuid?.() === 0)('says what to do when it cannot be made', async () => {
    await chmod(parent, 0o500);
    await expect(openDataFolder(folder)).rejects.toMatchObject({
      remedy: expect.stringContaining('NOVA_DATA_DIR'),
    });
    await chmod(parent, 0o700);
  });
});
