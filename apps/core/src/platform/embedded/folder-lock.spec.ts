import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { folderHolder, lockFolder } from './folder-lock.js';
import { processStart } from './process-identity.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const writeLock = (holder: unknown) => writeFile(path.join(folder, 'lock.json'), JSON.stringify(holder));

/** A process that has ended: its number is nobody’s now. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('the lock of a data folder', () => {
  it('keeps a second start out and names the process that holds it', async () => {
    const lock = await lockFolder(folder);
    expect(await folderHolder(folder)).toBe(process.pid);
    await expect(lockFolder(folder)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    expect(await folderHolder(folder)).toBeNull();
  });

  it('is taken over from a process that was killed', async () => {
    await writeLock({ pid: await endedPid(), start: 'boot/1' });
    const lock = await lockFolder(folder);
    expect(await folderHolder(folder)).toBe(process.pid);
    await lock.release();
  });

  it('is taken over when the number now belongs to another process', async () => {
    await writeLock({ pid: process.pid, start: 'another boot/12345' });
    expect(await folderHolder(folder)).toBeNull();
    const lock = await lockFolder(folder);
    await lock.release();
  });

  it('is taken over when it is damaged in a way that names nobody', async () => {
    await writeLock({ pid: 'x' });
    const lock = await lockFolder(folder);
    await lock.release();
  });

  it('goes to exactly one of many that want it at once, also over a stale one', async () => {
    const pid = await endedPid();
    for (let round = 0; round < 50; round++) {
      await writeLock({ pid, start: 'boot/1' });
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
      const locks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0]?.release();
      expect(await readdir(folder)).toEqual([]);
    }
  });

  it('is not given back by one who does not hold it any more', async () => {
    const lock = await lockFolder(folder);
    await writeLock({ pid: 1, start: await processStart(1) });
    await lock.release();
    expect(await readdir(folder)).toEqual(['lock.json']);
  });
});
