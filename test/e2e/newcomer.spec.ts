import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { shellLinesOf } from '../support/readme.js';
import { nova, run, startPlatform, type StartedPlatform } from '../support/started-platform.js';

let folder: string;
let dataDir: string;
let platform: StartedPlatform;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-newcomer-'));
  dataDir = path.join(folder, '.nova');
  platform = await startPlatform({ NOVA_DATA_DIR: dataDir, PORT: '0' });
}, 150_000);

afterAll(async () => {
  await platform.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({ NOVA_DATA_DIR: dataDir });
const testApi = () => new Api(platform.ready.url, platform.ready.demo.testKey);

describe('a newcomer who has run npm start', () => {
  it('is told where everything is, and gets keys that work', async () => {
    const { ready } = platform;
    const port = new URL(ready.url).port;
    for (const shown of [`:${port}/api/docs`, `:${port}/dev/mail`, ready.demo.email, ready.demo.testKey]) {
      expect(platform.output()).toContain(shown);
    }
    expect((await stat(path.join(dataDir, 'ready.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
    expect(platform.output()).toContain(ready.fakesUrl);
    expect(platform.output()).toContain(ready.payUrl);
    const page = await fetch(ready.payUrl.replace('localhost', '127.0.0.1'));
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/M-Pesa[\s\S]*Paystack[\s\S]*Flutterwave[\s\S]*Stripe/);
    const providers = (await (await fetch(`${ready.fakesUrl}/fakes.json`)).json()) as { name: string }[];
    expect(providers.map(({ name }) => name)).toEqual(['Paystack', 'Flutterwave', 'M-Pesa', 'Stripe']);
    expectStatus(await testApi().get('/customers'), 200);
    expectStatus(await new Api(ready.url, ready.demo.liveKey).get('/customers'), 200);
    const { email, password } = ready.demo;
    const login = await new Api(ready.url, null).post('/auth/login', { email, password });
    expect(expectStatus(login, 200).tenant.id).toBe(ready.demo.tenantId);
    const operator = await new Api(ready.url, null).post('/auth/login', ready.operator);
    expect(expectStatus(operator, 200).tenant.slug).toBe('platform');
    expect((await fetch(ready.docsUrl.replace('localhost', '127.0.0.1'))).status).toBe(200);
    const invoices = expectStatus(await testApi().get('/invoices'), 200);
    expect(invoices.data.map((invoice: { status: string }) => invoice.status)).toContain('paid');
  });

  it('runs the README’s five lines to a paid invoice and its PDF', async () => {
    const lines = await shellLinesOf('Your first invoice');
    const calls = lines.filter((line) => line.startsWith('nova $API'));
    expect(calls).toHaveLength(5);
    const shell = await run('bash', ['-euo', 'pipefail', '-c', lines.join('\n')], { cwd: folder });
    expect(shell, shell.stderr).toMatchObject({ code: 0 });

    const pdf = await readFile(path.join(folder, 'invoice.pdf'));
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const invoices = expectStatus(await testApi().get('/invoices?customer=zuri&sort=createdAt'), 200).data;
    expect(invoices).toMatchObject([{ status: 'paid' }, { status: 'paid', total: 1_500_000 }]);
    const mail = await fetch(`${platform.ready.mailUrl.replace('localhost', '127.0.0.1')}/messages.json`);
    const subjects = JSON.stringify(await mail.json());
    for (const { number } of invoices) expect(subjects).toContain(number);
  });

  it('runs the README’s lines about usage to an invoice that says how it came about', async () => {
    const setUp = (await shellLinesOf('Your first invoice')).filter((line) => !line.startsWith('nova $API'));
    const lines = await shellLinesOf('Usage, tiers and a change of plan');
    expect(lines).toHaveLength(7);
    const shell = await run('bash', ['-euo', 'pipefail', '-c', [...setUp, ...lines].join('\n')], {
      cwd: folder,
    });
    expect(shell, shell.stderr).toMatchObject({ code: 0 });
    const upcoming = await testApi().get('/subscriptions/ada-metered/upcoming-invoice');
    expect(expectStatus(upcoming, 200)).toMatchObject({
      taxTotal: 40_650,
      total: 582_650,
      lines: [
        { kind: 'usage', amount: 42_000 },
        { kind: 'recurring', amount: 500_000 },
      ],
    });
  });

  it('runs the README’s lines about getting paid to a page that the customer pays on', async () => {
    const setUp = (await shellLinesOf('Your first invoice')).filter((line) => !line.startsWith('nova $API'));
    const lines = await shellLinesOf('Getting paid');
    expect(lines).toHaveLength(3);
    const shell = await run('bash', ['-euo', 'pipefail', '-c', [...setUp, ...lines].join('\n')], {
      cwd: folder,
    });
    expect(shell, shell.stderr).toMatchObject({ code: 0 });
    for (const provider of ['paystack', 'flutterwave', 'mpesa', 'stripe'])
      expect(shell.stdout).toContain(`"provider":"${provider}"`);
    const [session] = expectStatus(await testApi().get('/checkout-sessions?customer=zuri'), 200).data;
    const page = await fetch(session.url.replace('localhost', '127.0.0.1'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Paystack');
  });

  it('runs the README’s commands of operation', async () => {
    const lines = (await shellLinesOf('Operation')).filter((line) => line.startsWith('npm run nova -- '));
    expect(lines.length).toBeGreaterThanOrEqual(10);
    for (const line of lines) {
      const command = line.replace('npm run nova -- ', 'node "$NOVA_MAIN" ');
      const main = path.resolve('apps/cli/dist/main.js');
      const done = await run('bash', ['-c', command], {
        cwd: folder,
        env: { ...environment(), NOVA_MAIN: main },
      });
      expect(done, `${line}\n${done.stdout}${done.stderr}`).toMatchObject({ code: 0 });
    }
  });
});

describe('the nova program', () => {
  const json = async (...args: string[]) => {
    const { code, stdout } = await nova([...args, '--json'], environment());
    return { code, body: JSON.parse(stdout) };
  };

  it('prints one JSON document on demand', async () => {
    const { tenantId } = platform.ready.demo;
    const tenants = await json('tenants', 'list');
    expect(tenants).toMatchObject({ code: 0 });
    expect(tenants.body.map((tenant: { id: string }) => tenant.id)).toContain(tenantId);
    expect(await json('tenants', 'show', tenantId)).toMatchObject({ code: 0, body: { id: tenantId } });
    expect((await json('health')).body.databases.length).toBeGreaterThanOrEqual(2);
    expect((await json('migrate', 'status')).body.stragglers).toEqual([]);
    const findings = (await json('doctor')).body as { status: string }[];
    expect(findings.filter(({ status }) => status === 'problem')).toEqual([]);
    const token = await json('token', '--email', platform.ready.demo.email);
    expectStatus(await new Api(platform.ready.url, token.body.accessToken).get('/auth/me'), 200);
  });

  it('shows no secret of a tenant', async () => {
    const { stdout } = await nova(['tenants', 'show', platform.ready.demo.tenantId, '--json'], environment());
    expect(stdout).not.toMatch(/sealed|hash|password/i);
  });

  it.each([
    [['tenants', 'show', 'nobody'], 3],
    [['tenants', 'create'], 2],
    [['clock', 'advance', '--tenant', 'nobody', '--days', '1'], 3],
    [['clock', 'advance', '--tenant', 'savannah-coffee'], 2],
    [['no-such-command'], 2],
    [['--help'], 0],
    [['probe', 'http://127.0.0.1:9/'], 1],
  ])('%j ends with exit code %i', async (args, code) => {
    expect((await nova(args, environment())).code).toBe(code);
  });
});

// The last of the file: nothing runs any more when it has ended.
describe('the data folder', () => {
  it('refuses a second start, and names who holds it', async () => {
    const second = await run(process.execPath, ['scripts/start.mjs'], {
      env: { ...environment(), PORT: '0' },
    });
    expect(second.code).toBe(1);
    expect(second.stdout + second.stderr).toContain(String(platform.pid));
  });

  it('comes back after kill -9 with the same keys and invoices, and ends cleanly on SIGTERM', async () => {
    const { demo, url } = platform.ready;
    const before = expectStatus(await testApi().get('/invoices?limit=100'), 200).data;
    await platform.end('SIGKILL');
    // At the same address: those of the invoices' pages name it.
    platform = await startPlatform({ NOVA_DATA_DIR: dataDir, PORT: new URL(url).port });
    expect(platform.ready.demo).toEqual(demo);
    expect(expectStatus(await testApi().get('/invoices?limit=100'), 200).data).toEqual(before);

    expect(await platform.end('SIGTERM')).toBe(0);
    await expect(stat(path.join(dataDir, 'ready.json'))).rejects.toThrow('ENOENT');
    const left = await run('bash', ['-c', `ps -eo args | grep -F "${dataDir}" | grep -v grep || true`]);
    expect(left.stdout).toBe('');
  });
});
