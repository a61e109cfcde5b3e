import { describe, expect, it } from 'vitest';

import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import { TenantClient } from './tenant-client.js';

const DATABASE: DatabaseSnapshot = {
  id: 'tdb_1',
  tenantId: 'ten_1',
  mode: 'test',
  timeZone: 'UTC',
  configVersion: 3,
  schemaVersion: '20260101000000_init',
  serverId: 'srv_1',
  serverName: 'default',
  serverConnectionBudget: null,
  host: 'db.internal',
  port: 5432,
  parameters: '',
  databaseName: 'nova_tenant_1',
  roleName: 'nova_tenant_1',
  passwordSealed: 'v2.x',
};

const client = new TenantClient(DATABASE, { serverId: 'srv_1', serverLimit: null, count: 1 }, () =>
  Promise.reject(new Error('not opened here')),
);

describe('a tenant client', () => {
  it.each([
    { change: {}, serves: true },
    { change: { configVersion: 2, host: 'elsewhere' }, serves: true },
    { change: { configVersion: 4 }, serves: false },
    { change: { host: 'elsewhere' }, serves: false },
    { change: { port: 6432 }, serves: false },
    { change: { parameters: 'sslmode=verify-full' }, serves: false },
    { change: { schemaVersion: '20270101000000_more' }, serves: false },
  ])('serves $change: $serves', ({ change, serves }) => {
    expect(client.serves({ ...DATABASE, ...change })).toBe(serves);
  });
});
