import { once } from 'node:events';
import type { Server } from 'node:http';
import net from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BODY_LIMIT_BYTES, startSampleApp } from './sample-app.js';

let sample: Awaited<ReturnType<typeof startSampleApp>>;
beforeAll(async () => {
  sample = await startSampleApp();
});
afterAll(() => sample.app.close());

const call = (path: string, init?: RequestInit) => fetch(`${sample.url}${path}`, init);
const post = (path: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  call(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

interface ProblemBody {
  code: string;
  status: number;
  requestId: string;
  type: string;
  instance: string;
  detail: string;
  errors: { pointer: string; code: string }[];
}

/** The problem of an answer, its form checked. */
async function problem(response: Response): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as ProblemBody;
  expect(body.status).toBe(response.status);
  expect(body.requestId).toBe(response.headers.get('request-id'));
  expect(body.type).toBe(`https://nova.example/problems/${body.code}`);
  return body;
}

/** Sends bytes as they are and reads all that comes back. */
function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(sample.url).port), '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('answers', () => {
  it('have a request id, and take over a sensible one of the caller', async () => {
    expect((await call('/api/things/1')).headers.get('request-id')).toMatch(/^req_[0-9a-z]{26}$/);
    const own = await call('/api/things/1', { headers: { 'request-id': 'trace-1.2' } });
    expect(own.headers.get('request-id')).toBe('trace-1.2');
    const bad = await call('/api/things/1', { headers: { 'request-id': 'a b"<c>' } });
    expect(bad.headers.get('request-id')).toMatch(/^req_/);
  });

  it('hold only what the schema names, with 201 and an ETag', async () => {
    const response = await post('/api/things', '{"name":"Ada"}');
    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"7"');
    expect(await response.json()).toEqual({ id: '1', name: 'Ada' });
  });

  it('that the schema refuses are a 500 which says nothing and is logged', async () => {
    const response = await call('/api/things/lying');
    const body = JSON.stringify(await problem(response));
    expect(response.status).toBe(500);
    expect(body).not.toContain('leaked');
    expect(sample.lines.join()).toContain('is not as its schema says');
  });

  it('are the same under /api/v1, with a slash at the end, and for HEAD', async () => {
    expect(await (await call('/api/v1/things/1')).json()).toMatchObject({ id: '1' });
    expect((await call('/api/things/1/')).status).toBe(200);
    const head = await call('/api/things/1', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('carry the headers that keep browsers safe, and no word of what serves them', async () => {
    const { headers } = await call('/api/things/1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  it('are closed to other origins by default', async () => {
    const { headers } = await call('/api/things/1', { headers: { origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('204 have no body', async () => {
    const response = await call('/api/things/1/act', { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });
});

describe('bodies', () => {
  it.each([
    ['broken JSON', '{"name":', 'malformed_body', '/name'],
    ['a key twice', '{"name":"a","name":"b"}', 'malformed_body', ''],
    [
      'a key of the prototype',
      '{"name":"a","metadata":{"__proto__":{"x":1}}}',
      'malformed_body',
      '/metadata',
    ],
    ['too much depth', '['.repeat(5_000), 'malformed_body', expect.stringContaining('/0')],
    ['NUL', '{"name":"a\\u0000"}', 'invalid_request', '/name'],
    ['half a surrogate pair', '{"name":"\\ud800"}', 'invalid_request', '/name'],
    [
      'an inexact number',
      '{"name":"a","items":[{"quantity":9007199254740993}]}',
      'invalid_request',
      '/items/0/quantity',
    ],
    [
      'an infinite number',
      '{"name":"a","items":[{"quantity":1e400}]}',
      'invalid_request',
      '/items/0/quantity',
    ],
    [
      'a wrong type within',
      '{"name":"a","items":[{"quantity":1},{"quantity":"2"}]}',
      'invalid_request',
      '/items/1/quantity',
    ],
    ['a missing key', '{}', 'invalid_request', '/name'],
    ['an array', '[]', 'invalid_request', ''],
    ['a text', '"name"', 'invalid_request', ''],
    ['null', 'null', 'invalid_request', ''],
    ['nothing', '', 'invalid_request', ''],
  ])('with %s are refused with a pointer', async (_, body, code, pointer) => {
    const response = await post('/api/things', body);
    expect(response.status).toBe(400);
    expect(await problem(response)).toMatchObject({ code, errors: [{ pointer }] });
  });

  it('with unknown keys are told each of them', async () => {
    const response = await post(
      '/api/things',
      '{"name":"a","role":"owner","tenant_id":"x","items":[{"quantity":1,"a/b":2}]}',
    );
    const { errors } = await problem(response);
    expect(errors).toEqual([
      expect.objectContaining({ pointer: '/items/0/a~1b', code: 'unknown_key' }),
      expect.objectContaining({ pointer: '/role', code: 'unknown_key' }),
      expect.objectContaining({ pointer: '/tenant_id', code: 'unknown_key' }),
    ]);
  });

  it('that are not UTF-8 are refused', async () => {
    const response = await post('/api/things', Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    expect(await problem(response)).toMatchObject({ code: 'malformed_body', status: 400 });
  });

  it('over the limit are refused', async () => {
    const response = await post('/api/things', JSON.stringify({ name: 'x'.repeat(BODY_LIMIT_BYTES) }));
    expect(await problem(response)).toMatchObject({ code: 'body_too_large', status: 413 });
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['multipart/form-data; boundary=x', {}],
    ['application/json; charset=utf-16', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
  ])('of %s %o are refused', async (type, headers) => {
    const response = await post('/api/things', 'name=a', { 'content-type': type, ...headers });
    expect(await problem(response)).toMatchObject({ code: 'unsupported_media_type', status: 415 });
  });

  it('are refused where a route takes none, but an empty object or empty JSON is not', async () => {
    expect(await problem(await post('/api/things/1/act', '{"status":"paid"}'))).toMatchObject({
      errors: [{ pointer: '/status' }],
    });
    expect((await post('/api/things/1/act', '{}')).status).toBe(204);
    expect((await post('/api/things/1/act', '')).status).toBe(204);
  });
});

describe('URLs', () => {
  it.each([
    ['?limit=0', '?limit'],
    ['?limit=101', '?limit'],
    ['?limit=1&limit=2', '?limit'],
    ['?page=2', '?page'],
    ['?createdAt[gte]=2026-13-01T00:00:00Z', '?createdAt[gte]'],
    ['?cursor=a%00b', '?cursor'],
  ])('with the query %s are refused with its key', async (query, pointer) => {
    const response = await call(`/api/things${query}`);
    expect(await problem(response)).toMatchObject({
      code: 'invalid_request',
      status: 400,
      errors: [{ pointer }],
    });
  });

  it('with a query are refused where a route takes none', async () => {
    expect(await problem(await call('/api/things/1?expand=all'))).toMatchObject({
      errors: [{ pointer: '?expand' }],
    });
  });

  it('that nothing answers are 404, whatever the method', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const response = await call('/api/nothing?token=x', { method });
      expect(await problem(response)).toMatchObject({
        code: 'not_found',
        status: 404,
        instance: '/api/nothing',
      });
    }
  });

  it('that take another method are 405 and say which', async () => {
    const response = await call('/api/things', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(await problem(response)).toMatchObject({ code: 'method_not_allowed', status: 405 });
    expect((await call('/api/v1/things/1/act')).headers.get('allow')).toBe('POST');
  });

  it('that are not well formed, or hold what cannot be stored, are 400', async () => {
    expect(await problem(await call('/api/things/%zz'))).toMatchObject({ status: 400 });
    expect(await problem(await call('/api/things/a%00b'))).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  it('with an overlong part are 414', async () => {
    expect(await problem(await call(`/api/things/${'x'.repeat(2_000)}`))).toMatchObject({
      status: 414,
      code: 'uri_too_long',
    });
  });
});

describe('failures', () => {
  it('of ours say nothing of what happened, and are logged with the request id', async () => {
    const response = await call('/api/things/failing/badly');
    const body = await problem(response);
    expect(body).toMatchObject({ code: 'internal_error', status: 500 });
    expect(JSON.stringify(body)).not.toContain('SELECT');
    const line = sample.lines.find((text) => text.includes(body.requestId) && text.includes('vault'));
    expect(line).toContain('stack');
  });

  it('of a database that is away are 503 with Retry-After', async () => {
    const response = await call('/api/things/failing/away');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problem(response)).toMatchObject({ code: 'unavailable', status: 503 });
  });

  it('lead to a page that explains them', async () => {
    const page = await call('/problems/not_found');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('There is no such thing here');
    expect((await call('/problems/nonsense')).status).toBe(404);
  });
});

describe('broken HTTP', () => {
  it.each([
    [
      'headers over the limit',
      `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(70_000)}\r\n\r\n`,
      '431',
      'headers_too_large',
    ],
    ['a request line that is none', 'HELLO\r\n\r\n', '400', 'malformed_request'],
    [
      'two lengths',
      'POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
      'malformed_request',
    ],
  ])('with %s is answered as a problem and closed', async (_, request, status, code) => {
    const answer = await raw(request);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });
});

describe('slow callers', () => {
  it('are given a limited time for headers and bodies', () => {
    const server: Server = sample.app.getHttpServer();
    expect(server).toMatchObject({
      headersTimeout: 15_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 72_000,
    });
    expect(server.timeout).toBe(120_000);
  });
});

describe('the log', () => {
  it('has a line for every request, with its id and without its query', async () => {
    const response = await call('/api/things/42?x=sk_live_abcdefghijklmnopqrstuvwxyz0123456789');
    const id = response.headers.get('request-id');
    const lines = sample.lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.requestId === id);
    expect(lines).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/api/things/42',
        route: '/api/things/:id',
        status: 400,
      }),
    ]);
    expect(JSON.stringify(lines)).not.toContain('sk_live_abc');
  });
});

describe('CORS', () => {
  it('lets the configured origins in, and no others', async () => {
    const open = await startSampleApp({ CORS_ORIGINS: 'https://app.example' });
    const allowed = async (origin: string) =>
      (await fetch(`${open.url}/api/things/1`, { headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await allowed('https://app.example')).toBe('https://app.example');
    expect(await allowed('https://evil.example')).toBeNull();
    const preflight = await fetch(`${open.url}/api/things`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    await open.app.close();
  });
});

describe('shutting down', () => {
  it('finishes what is under way and closes idle connections', async () => {
    const leaving = await startSampleApp();
    await (await fetch(`${leaving.url}/api/things/1`)).text();
    const slow = fetch(`${leaving.url}/api/things/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    const closing = leaving.app.close();
    const response = await slow;
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await closing;
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect(fetch(`${leaving.url}/api/things/1`)).rejects.toThrow();
  });

  it('does not wait for a connection that somebody has opened and not used', async () => {
    const leaving = await startSampleApp();
    const unused = net.connect(Number(new URL(leaving.url).port), '127.0.0.1');
    await once(unused, 'connect');
    const started = performance.now();
    await leaving.app.close();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('the address of the caller', () => {
  const forwarded = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3' };

  it.each([
    ['false', '127.0.0.1'],
    ['true', '10.1.2.3'],
    ['127.0.0.1,10.0.0.0/8', '203.0.113.9'],
    ['10.0.0.0/8', '127.0.0.1'],
  ])('with TRUST_PROXY=%s is %s, and never what the caller says himself', async (TRUST_PROXY, ip) => {
    const { app, url, lines } = await startSampleApp({ TRUST_PROXY });
    try {
      await fetch(`${url}/api/things`, { headers: forwarded });
      await expect
        .poll(() => lines.map((line) => JSON.parse(line)))
        .toContainEqual(expect.objectContaining({ ip }));
    } finally {
      await app.close();
    }
  });

  it.each(['yes', '10.0.0.0/33', 'proxy.example', ','])('is not configured by %s', async (TRUST_PROXY) => {
    await expect(startSampleApp({ TRUST_PROXY })).rejects.toThrow('TRUST_PROXY: must be');
  });
});
