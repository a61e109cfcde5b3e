import { Api, expectStatus } from '../support/api.js';
import { type BenchPlatform, freePort, startBenchPlatform, startProgram } from './platform.js';
import { type Figure, median, report } from './report.js';
import { requestRate } from './request-rate.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 7);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CONNECTIONS = 16;
const LOAD = { connections: CONNECTIONS, duration: SECONDS };
/** Limits would refuse so many requests. */
const UNLIMITED = { RATE_LIMIT_READ: 'off', RATE_LIMIT_WRITE: 'off' };

interface Caller {
  mode: 'live' | 'test';
  tenantId: string;
  key: string;
  path: string;
}

/** `GET /api/customers/:id` with its tenant found, admitted and leased, against the same route with a fixed context. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const url = `http://127.0.0.1:${platform.environment['PORT']}`;
  const environment = { ...platform.environment, ...UNLIMITED };
  const api = await startProgram('apps/api/dist/main.js', environment, `${url}/health/live`);
  const figures: Figure[] = [];
  for (const caller of await prepareCallers(url)) {
    figures.push(await compare(platform, url, caller));
  }
  await api.stop();
  await platform.stop();
  await report(
    'tenant-resolution',
    `${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s in turn, one process each.`,
    figures,
  );
}

async function compare(platform: BenchPlatform, url: string, caller: Caller): Promise<Figure> {
  const port = await freePort();
  const fixedUrl = `http://127.0.0.1:${port}`;
  const environment = {
    ...platform.environment,
    ...UNLIMITED,
    PORT: String(port),
    BENCH_TENANT: caller.tenantId,
    BENCH_MODE: caller.mode,
  };
  const fixed = await startProgram(
    'test/dist/bench/fixed-context-api.js',
    environment,
    `${fixedUrl}/health/live`,
  );
  const resolved: number[] = [];
  const baseline: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const a = await requestRate(url + caller.path, caller.key, LOAD);
    const b = await requestRate(fixedUrl + caller.path, caller.key, LOAD);
    // The first round warms both up.
    if (round === 0) continue;
    resolved.push(a);
    baseline.push(b);
    ratios.push(b / a);
  }
  await fixed.stop();
  const slower = (median(ratios) - 1) * 100;
  return {
    what: `a ${caller.mode} request with its tenant resolved, against a fixed client`,
    value: `${Math.round(median(resolved))} requests/s`,
    baseline: `${Math.round(median(baseline))} requests/s`,
    ratio: `${slower.toFixed(1)} % slower`,
    aim: '≤ 10 % slower',
  };
}

async function prepareCallers(url: string): Promise<Caller[]> {
  const registered = expectStatus(
    await new Api(url, null).post('/auth/register', {
      email: 'bench@nova.example',
      password: 'a long enough password',
      name: 'Bench',
      company: 'Bench',
    }),
    201,
  );
  const tenantId: string = registered.tenant.id;
  const user = new Api(url, registered.accessToken);
  const live = expectStatus(await user.post('/tenants/me/api-keys', { name: 'Bench', mode: 'live' }), 201);
  const keys = { live: live.key as string, test: registered.apiKey.key as string };
  const callers: Caller[] = [];
  for (const mode of ['live', 'test'] as const) {
    const customer = expectStatus(
      await new Api(url, keys[mode]).post('/customers', { name: 'Ada', email: 'ada@bench.example' }),
      201,
    );
    callers.push({ mode, tenantId, key: keys[mode], path: `/api/customers/${customer.id}` });
  }
  return callers;
}

await main();
