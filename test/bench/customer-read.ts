import pg from 'pg';

import { Api, expectStatus } from '../support/api.js';
import { freePort, startBenchPlatform, startProgram } from './platform.js';
import { median, report } from './report.js';
import { requestRate } from './request-rate.js';

const ROUNDS = 5;
const SECONDS = 5;
const CONNECTIONS = 32;
const LOAD = { connections: CONNECTIONS, duration: SECONDS };

/** `GET /api/customers/:id` with an API key, against a bare Fastify + pg handler that does the same SELECT. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const url = `http://127.0.0.1:${platform.environment['PORT']}`;
  const api = await startProgram('apps/api/dist/main.js', platform.environment, `${url}/health/live`);
  const { key, customerId } = await prepareCustomer(url);

  const barePort = await freePort();
  const bareUrl = `http://127.0.0.1:${barePort}`;
  const bare = await startProgram(
    'test/dist/bench/bare-server.js',
    {
      PORT: String(barePort),
      DATABASE_URL: await testDatabaseUrl(platform.superuserUrl),
      NODE_ENV: 'production',
    },
    `${bareUrl}/ready`,
  );

  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const a = await requestRate(`${url}/api/customers/${customerId}`, key, LOAD);
    const b = await requestRate(`${bareUrl}/customers/${customerId}`, key, LOAD);
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(a);
    theirs.push(b);
    ratios.push(a / b);
  }
  await api.stop();
  await bare.stop();
  await platform.stop();
  const perSecond = (value: number) => `${Math.round(value)} requests/s`;
  await report(
    'customer-read',
    `${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s in turn, one process each.`,
    [
      {
        what: '`GET /api/customers/:id` with an API key, against bare Fastify + `pg`',
        value: perSecond(median(ours)),
        baseline: perSecond(median(theirs)),
        ratio: median(ratios).toFixed(2),
        aim: '≥ 0.4',
      },
    ],
  );
}

async function prepareCustomer(url: string): Promise<{ key: string; customerId: string }> {
  const registered = expectStatus(
    await new Api(url, null).post('/auth/register', {
      email: 'bench@nova.example',
      password: 'a long enough password',
      name: 'Bench',
      company: 'Bench',
    }),
    201,
  );
  const key: string = registered.apiKey.key;
  const customer = expectStatus(
    await new Api(url, key).post('/customers', {
      name: 'Ada',
      email: 'ada@bench.example',
      metadata: { tier: 'gold' },
    }),
    201,
  );
  return { key, customerId: customer.id };
}

async function testDatabaseUrl(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname NOT IN ('postgres') ORDER BY oid DESC LIMIT 1",
  );
  await client.end();
  const url = new URL(superuserUrl);
  url.pathname = `/${rows[0]?.datname}`;
  return url.href;
}

await main();
