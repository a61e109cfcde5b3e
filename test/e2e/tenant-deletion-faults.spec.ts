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

// A few moments of each; `npm run test:faults` dies at every statement.
describe('a process killed', () => {
  it('while it deletes a tenant leaves it whole, or deleted with its export; the same call again ends well', async () => {
    const { tenantId } = await nova.tenant();
    for (const statement of [9, 30, 55]) expect(await crashes.killDelete(tenantId, statement)).toBe(true);
    await crashes.finishDelete(tenantId);
  });

  it('while it purges a tenant leaves what the same call again finishes', async () => {
    const { tenantId } = await nova.tenant();
    await crashes.beginPurge(tenantId);
    const { databaseName } = await new LifeBench(nova).databaseOf(tenantId);
    for (const statement of [6, 16, 26]) expect(await crashes.killPurge(tenantId, statement)).toBe(true);
    await crashes.finishPurge(tenantId, databaseName);
  });
});
