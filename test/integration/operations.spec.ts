import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { asSuperuser } from '../support/central-database.js';
import { type Nova, startNova } from '../support/nova.js';

let nova: Nova;
beforeAll(async () => {
  nova = await startNova();
});
afterAll(() => nova.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${nova.url}${path}`, { headers });

describe('health', () => {
  it('is live and ready, and tells versions and components', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await get('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', components: expect.any(Array) },
    ]);
    expect(await (await get('/health')).json()).toMatchObject({
      status: 'up',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      components: ['central_database', 'queues', 'change_listener'].map((name) => ({ name, status: 'up' })),
    });
  });

  it('is live but not ready while the central database is away, names it within 5 s, and comes back', async () => {
    const database = new URL(nova.databases.centralUrl).pathname.slice(1);
    await asSuperuser(inject('postgresUrl'), async (client) => {
      await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
        database,
      ]);
      const started = performance.now();
      const ready = await get('/health/ready');
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(ready.status).toBe(503);
      expect(ready.headers.get('content-type')).toBe('application/problem+json');
      const problem = (await ready.json()) as { code: string; errors: { code: string }[] };
      expect(problem.code).toBe('unavailable');
      expect(problem.errors.map((error) => error.code)).toContain('central_database');
      expect(JSON.stringify(problem)).not.toContain(database);
      expect((await get('/health/live')).status).toBe(200);
      expect(await (await get('/health')).json()).toMatchObject({ status: 'degraded' });
      await client.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
    });
    await expect
      .poll(async () => (await get('/health/ready')).status, { timeout: 20_000, interval: 200 })
      .toBe(200);
  });
});

describe('metrics', () => {
  it('tell of requests by route, of queues, of components and of the process', async () => {
    await get('/api/tenants/me');
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(
      /nova_http_request_duration_seconds_count\{method="GET",route="\/api\/tenants\/me",status="401"\} \d/,
    );
    expect(text).toContain('nova_queue_jobs{queue="billing",state="waiting"}');
    expect(text).toContain('nova_component_up{component="central_database"} 1');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('are not for what came over a proxy', async () => {
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
  });
});

describe('the documentation', () => {
  it('is a page that its own content security policy lets work', async () => {
    const page = await get('/api/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
    const assets = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) expect((await get(`/api/${asset}`)).status).toBe(200);
  });

  it('is there as JSON and as YAML', async () => {
    const json = await get('/api/openapi.json');
    expect(json.headers.get('content-type')).toContain('application/json');
    expect(await json.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'NovaBilling API' } });
    const yaml = await get('/api/v1/openapi.yaml');
    expect(await yaml.text()).toMatch(/^openapi: 3\.1\.0/);
  });

  it('explains every code it lists', async () => {
    const { info } = (await (await get('/api/openapi.json')).json()) as { info: { description: string } };
    const codes = [...info.description.matchAll(/^\| `([a-z_]+)` \|/gm)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes) expect((await get(`/problems/${code}`)).status).toBe(200);
  });
});
