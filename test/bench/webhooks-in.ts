import { createHmac } from 'node:crypto';

import autocannon from 'autocannon';
import pg from 'pg';

import { PAYSTACK_DEMO_KEYS } from '../fakes/paystack/options.js';
import { startPaystackFake } from '../fakes/paystack/start-paystack-fake.js';
import { Api, expectStatus } from '../support/api.js';
import { databaseOf, freePort, startBenchPlatform, startProgram } from './platform.js';
import { median, report } from './report.js';

const PAYMENTS = Number(process.env['BENCH_PAYMENTS'] ?? 200);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 32;
const OFFERED = 1_500;
const EMAIL = 'bench@nova.example';
const SECRET = PAYSTACK_DEMO_KEYS.test;

interface Load {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly accepted: number;
}

/** Webhooks of Paystack that one API process accepts, beside a bare server, and that all of them are then dealt with once. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const paystack = await startPaystackFake({
    authorizations: [{ code: 'AUTH_bench', email: EMAIL, behaviour: 'pending' }],
    accounts: [{ webhookUrls: { test: null, live: null } }],
  });
  const environment = { ...platform.environment, NODE_ENV: 'development', PAYSTACK_URL: paystack.url };
  const origin = `http://127.0.0.1:${platform.environment['PORT']}`;
  const api = await startProgram('apps/api/dist/main.js', environment, `${origin}/health/live`);
  const { tenantId, address, references } = await prepare(origin);
  for (const ref of references) await paystack.control.advance({ ref, to: 'success' });
  const bare = await startBare(platform.superuserUrl);

  const bodies = bodyMaker(references);
  const [ours, theirs]: [Load[], Load[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const [a, b] = [await send(address, bodies), await send(bare.url, bodies)];
    accepted += a.accepted;
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(a);
    theirs.push(b);
  }
  const steady = await send(address, bodies, OFFERED);
  await bare.stop();
  accepted += steady.accepted;
  const database = await databaseOf(platform, tenantId);
  const begun = performance.now();
  const worker = await startProgram(
    'apps/worker/dist/main.js',
    // Receipts go nowhere here, which it would say of each.
    { ...environment, PORT: String(await freePort()), LOG_LEVEL: 'fatal' },
    `${origin}/health/live`,
  );
  await awaitProcessed(database, accepted);
  const seconds = (performance.now() - begun) / 1_000;
  await worker.stop();
  await api.stop();
  await paystack.stop();
  await platform.stop();
  await tell({ ours, theirs, steady, seconds });
}

let accepted = 0;

async function tell({ ours, theirs, steady, seconds }: Told): Promise<void> {
  const rates = [ours, theirs].map((loads) => median(loads.map(({ rate }) => rate)));
  const [mine = 0, bare = 0] = rates;
  const p99 = (loads: readonly Load[]) => Math.round(median(loads.map((load) => load.p99)));
  const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
  await report(
    'webhooks-in',
    `Webhooks of Paystack about ${PAYMENTS} payments to one tenant, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${SECONDS} s in turn; one API process, which shares the machine with PostgreSQL and the sender. The baseline checks the signature and inserts each by itself.`,
    [
      {
        what: 'accepted: proved, kept and committed',
        value: `${perSecond(mine)}, p99 ${p99(ours)} ms`,
        baseline: `${perSecond(bare)}, p99 ${p99(theirs)} ms`,
        ratio: (mine / bare).toFixed(2),
        aim: `≥ ${OFFERED.toLocaleString('en')}/s`,
      },
      {
        what: `answer at ${OFFERED.toLocaleString('en')} a second, p50 and p99`,
        value: `${steady.p50} ms, ${steady.p99} ms`,
        baseline: `${perSecond(steady.rate)} answered`,
        ratio: '–',
        aim: 'p99 ≤ 50 ms',
      },
      {
        what: `then dealt with, each once, and each of the ${PAYMENTS} payments settled once`,
        value: perSecond(accepted / seconds),
        baseline: `${accepted.toLocaleString('en')} in ${seconds.toFixed(1)} s`,
        ratio: '–',
        aim: 'all',
      },
    ],
  );
}

interface Told {
  readonly ours: readonly Load[];
  readonly theirs: readonly Load[];
  readonly steady: Load;
  readonly seconds: number;
}

/** A tenant with an account at Paystack, and payments that wait there. */
async function prepare(origin: string) {
  const registration = { email: EMAIL, password: 'a long enough password', name: 'Bench', company: 'Bench' };
  const registered = expectStatus(await new Api(origin, null).post('/auth/register', registration), 201);
  const tenant = new Api(origin, registered.apiKey.key);
  const account = { provider: 'paystack', credentials: { secretKey: SECRET } };
  const { webhookUrl } = expectStatus(await tenant.post('/payment-providers', account), 201);
  const customer = await tenant.post('/customers', { name: 'Asha', currency: 'NGN', email: EMAIL });
  const customerId: string = expectStatus(customer, 201).id;
  const method = { provider: 'paystack', token: 'AUTH_bench', kind: 'card', label: 'Card', email: EMAIL };
  expectStatus(await tenant.post(`/customers/${customerId}/payment-methods`, method), 201);
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const references: string[] = [];
  for (let n = 0; n < PAYMENTS; n++) {
    const draft = { customerId, lines, collectionMethod: 'send_invoice' };
    const { id } = expectStatus(await tenant.post('/invoices', draft), 201);
    expectStatus(await tenant.post(`/invoices/${id}/finalize`), 200);
    references.push(expectStatus(await tenant.post(`/invoices/${id}/pay`, {}), 200).reference);
  }
  const address = webhookUrl.replace(/^https?:\/\/[^/]+/, origin);
  return { tenantId: registered.tenant.id as string, address, references };
}

/** Webhooks, each of another event, with the signature of each; about the payments in turn. */
function bodyMaker(references: readonly string[]): () => { body: string; signature: string } {
  let made = 0;
  const customer = { id: 1, first_name: 'Asha', last_name: 'Odhiambo', email: EMAIL, customer_code: 'CUS_1' };
  const authorization = { authorization_code: 'AUTH_bench', bin: '408408', last4: '4081', reusable: true };
  return () => {
    const reference = references[made % references.length];
    const data = { id: 1_000_000 + made++, domain: 'test', status: 'success', reference, amount: 250_000 };
    const rest = { currency: 'NGN', channel: 'card', gateway_response: 'Approved', customer, authorization };
    const body = JSON.stringify({ event: 'charge.success', data: { ...data, ...rest } });
    return { body, signature: createHmac('sha512', SECRET).update(body).digest('hex') };
  };
}

/** As fast as `url` answers, or so many a second. */
async function send(url: string, make: ReturnType<typeof bodyMaker>, overallRate?: number): Promise<Load> {
  const result = await autocannon({
    url,
    method: 'POST',
    connections: CONNECTIONS,
    duration: SECONDS,
    ...(overallRate === undefined ? {} : { overallRate }),
    requests: [
      {
        setupRequest: (request) => {
          const { body, signature } = make();
          const headers = { 'content-type': 'application/json', 'x-paystack-signature': signature };
          return { ...request, body, headers: { ...request.headers, ...headers } };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`);
  const { latency, requests } = result;
  return { rate: requests.average, p50: latency.p50, p99: latency.p99, accepted: result['2xx'] };
}

async function startBare(superuserUrl: string) {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const environment = { PORT: port, DATABASE_URL: superuserUrl, SECRET };
  const bare = await startProgram('test/dist/bench/bare-webhooks.js', environment, `${url}/ready`);
  return { url: `${url}/webhooks`, stop: () => bare.stop() };
}

/** What was answered is there and was dealt with, once. What the last senders did not hear the answer to may be there too. */
async function awaitProcessed(database: string, answered: number): Promise<void> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const count = async (of: string) => {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${of}`);
    return rows[0]?.n ?? 0;
  };
  while ((await count(`provider_webhooks WHERE status = 'received'`)) > 0)
    await new Promise((resolve) => setTimeout(resolve, 250));
  const processed = await count(`provider_webhooks WHERE status = 'processed'`);
  const settled = await count(`invoices WHERE status = 'paid'`);
  const told = await count(`events WHERE type = 'payment.succeeded'`);
  await client.end();
  if (processed < answered || settled !== PAYMENTS || told !== PAYMENTS)
    throw new Error(`Of ${answered}: ${processed} dealt with, ${settled} settled, ${told} told of.`);
}

await main();
