import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DeletionCrashes } from '../support/deletion-crashes.js';
import { type Nova, startNova } from '../support/nova.js';
import { LifeBench } from '../support/tenant-life.js';

let nova: Nova;
let folder: string;
let crashes: DeletionCrashes;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-crashes-'));
  nova = await startNova({ env: { REQUEST_LOG_DAYS: '0' } });
  crashes = new DeletionCrashes(nova, folder);
});
afterAll(async () => {
  await nova.stop();
  await rm(folder, { recursive: true });
});

describe('a process killed at every single statement', () => {
  it('of a deletion is followed by one that succeeds', async () => {
    const { tenantId } = await nova.tenant();
    let statement = 1;
    while (await crashes.killDelete(tenantId, statement)) {
      await crashes.finishDelete(tenantId);
      statement++;
    }
    expect(statement).toBeGreaterThan(40);
  });

  it('of a purge is followed by one that succeeds', async () => {
    const { tenantId } = await nova.tenant();
    await crashes.beginPurge(tenantId);
    const { databaseName } = await new LifeBench(nova).databaseOf(tenantId);
    let statement = 1;
    while (await crashes.killPurge(tenantId, statement)) statement++;
    expect(statement).toBeGreaterThan(20);
    await crashes.finishPurge(tenantId, databaseName);
  });
});
