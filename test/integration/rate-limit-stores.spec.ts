import type { Config } from '@nova/core/platform/config/config.schema.js';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { RateLimits } from '@nova/core/platform/rate-limits/rate-limits.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { testEnvironment } from '../support/nova.js';

const NOBODY_LISTENS = { postgres: 'postgres://nobody@127.0.0.1:1/nowhere', redis: 'redis://127.0.0.1:1' };
const STORES = ['postgres', ...(inject('redisUrl') ? (['redis'] as const) : [])] as const;
const QUOTA = 1_000;

let databases: PlatformDatabases;
let open: RateLimits[] = [];

beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
  await preparePlatform(loadConfig(testEnvironment(databases, 'smtp://127.0.0.1:9')));
});

afterAll(() => databases.drop());

async function limitsOn(store: (typeof STORES)[number], urls: { postgres?: string; redis?: string } = {}) {
  const environment = testEnvironment(databases, 'smtp://127.0.0.1:9');
  const config: Config = loadConfig({
    ...environment,
    REDIS_URL: store === 'redis' ? (urls.redis ?? environment['REDIS_URL']) : '',
    CENTRAL_DATABASE_URL: urls.postgres ?? databases.centralUrl,
    RATE_LIMIT_READ: `${QUOTA}/3600`,
    RATE_LIMIT_WRITE: '3/1',
    RATE_LIMIT_SMS: 'off',
  });
  const limits = new RateLimits(config, createLogger(config));
  open.push(limits);
  return limits;
}

async function admitted(limits: RateLimits, key: string, times: number): Promise<number> {
  const judgements = await Promise.all(Array.from({ length: times }, () => limits.judge('read', key)));
  return judgements.filter((judgement) => judgement?.verdict.admitted).length;
}

describe.each(STORES)('rate limits counted in %s', (store) => {
  afterAll(async () => {
    await Promise.all(open.map((limits) => limits.onApplicationShutdown()));
    open = [];
  });

  it('are exact to one percent over two processes', async () => {
    const processes = [await limitsOn(store), await limitsOn(store)];
    let count = 0;
    for (let round = 0; round < 12; round++) {
      const counts = await Promise.all(processes.map((limits) => admitted(limits, `pair-${store}`, 60)));
      count += counts.reduce((sum, part) => sum + part);
    }
    expect(count).toBeLessThanOrEqual(QUOTA);
    expect(count).toBeGreaterThanOrEqual(QUOTA * 0.99);
  });

  it('count each subject by itself, and nothing where there is no limit', async () => {
    const limits = await limitsOn(store);
    expect((await limits.judge('read', `one-${store}`))?.verdict.remaining).toBe(QUOTA - 1);
    expect((await limits.judge('read', `two-${store}`))?.verdict.remaining).toBe(QUOTA - 1);
    expect(await limits.judge('sms', 'one')).toBeNull();
  });

  it('begin anew when the window is over', async () => {
    const limits = await limitsOn(store);
    const take = async () => (await limits.judge('write', `again-${store}`))?.verdict.admitted;
    expect([await take(), await take(), await take(), await take()]).toEqual([true, true, true, false]);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await take()).toBe(true);
  });

  it('are counted by the process alone while the store is away', async () => {
    const limits = await limitsOn(store, NOBODY_LISTENS);
    expect(await admitted(limits, 'alone', QUOTA + 50)).toBe(QUOTA);
  });
});
