import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Api, expectStatus } from '../support/api.js';
import { freePort, startBenchPlatform, startProgram } from './platform.js';
import { type Figure, percentile, report } from './report.js';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 5_000);
const FAST = 5;
const DEAD = 100;
const PROBES = 40;

/** A server of receivers, which notes when each event came. */
interface Receivers {
  readonly url: string;
  readonly cameAt: Map<string, number>;
  count(): number;
  close(): Promise<void>;
}

/** Deliveries a second to fast receivers, and how long events take to a live one beside a hundred that answer nothing. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const environment = {
    ...platform.environment,
    NODE_ENV: 'development',
    WEBHOOK_ENDPOINTS_MAX: '500',
    SCHEDULER_TICK_MS: '250',
  };
  const origin = `http://127.0.0.1:${platform.environment['PORT']}`;
  const workerPort = String(await freePort());
  const api = await startProgram('apps/api/dist/main.js', environment, `${origin}/health/live`);
  const worker = await startProgram(
    'apps/worker/dist/main.js',
    { ...environment, PORT: workerPort },
    `${origin}/health/live`,
  );
  const figures = [await throughput(origin), await besideDead(origin)];
  await worker.stop();
  await api.stop();
  await platform.stop();
  const note = `One API and one worker process, receivers in a third. ${EVENTS} events to ${FAST} endpoints; ${DEAD} endpoints that answer nothing.`;
  await report('webhooks-out', note, figures);
}

async function throughput(origin: string): Promise<Figure> {
  const tenant = await tenantOf(origin, 'fast');
  const receivers = await listen('answering');
  const endpoints: string[] = [];
  for (let n = 0; n < FAST; n++) endpoints.push(await endpointOf(tenant, receivers.url));
  // Events of customers that nobody hears of, which a replay then makes deliveries of, all at once.
  const from = new Date(Date.now() - 60_000).toISOString();
  for (const id of endpoints) await tenant.patch(`/webhook-endpoints/${id}`, { status: 'disabled' });
  await makeCustomers(tenant, Math.ceil(EVENTS / FAST));
  for (const id of endpoints) await tenant.patch(`/webhook-endpoints/${id}`, { status: 'enabled' });
  const begun = performance.now();
  await Promise.all(
    endpoints.map(async (id) =>
      expectStatus(await tenant.post(`/webhook-endpoints/${id}/replay`, { from }), 200),
    ),
  );
  const wanted = Math.ceil(EVENTS / FAST) * FAST;
  while (receivers.count() < wanted) await sleep(20);
  const seconds = (performance.now() - begun) / 1_000;
  await receivers.close();
  const rate = wanted / seconds;
  return {
    what: `deliveries to ${FAST} fast endpoints of one tenant`,
    value: `${Math.round(rate)}/s`,
    baseline: `${wanted} in ${seconds.toFixed(1)} s`,
    ratio: '–',
    aim: '≥ 500/s',
  };
}

async function besideDead(origin: string): Promise<Figure> {
  const tenant = await tenantOf(origin, 'beside');
  const [live, dead] = [await listen('answering'), await listen('silent')];
  await endpointOf(tenant, live.url);
  const alone = await delays(tenant, live);
  for (let n = 0; n < DEAD; n++) await endpointOf(tenant, dead.url);
  const beside = await delays(tenant, live);
  await Promise.all([live.close(), dead.close()]);
  const worst = Math.max(...beside);
  return {
    what: `p95 and longest from the answer to the delivery, beside ${DEAD} dead endpoints`,
    value: `${ms(percentile(beside, 0.95))}, ${ms(worst)}`,
    baseline: `${ms(percentile(alone, 0.95))}, ${ms(Math.max(...alone))} alone`,
    ratio: (percentile(beside, 0.95) / percentile(alone, 0.95)).toFixed(2),
    aim: '≤ 1,000 ms more',
  };
}

/** How long events took from the answer of the request that made them to the live receiver. */
async function delays(tenant: Api, live: Receivers): Promise<number[]> {
  const made: { id: string; at: number }[] = [];
  for (let n = 0; n < PROBES; n++) {
    const { id } = expectStatus(await tenant.post('/customers', { name: `Probe ${n}` }), 201);
    made.push({ id, at: performance.now() });
    await sleep(200);
  }
  while (!made.every(({ id }) => live.cameAt.has(id))) await sleep(20);
  return made.map(({ id, at }) => Math.max(0, (live.cameAt.get(id) ?? 0) - at));
}

async function makeCustomers(tenant: Api, count: number): Promise<void> {
  let left = count;
  const work = async () => {
    while (left-- > 0) expectStatus(await tenant.post('/customers', { name: 'Bench' }), 201);
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

async function listen(how: 'answering' | 'silent'): Promise<Receivers> {
  const cameAt = new Map<string, number>();
  const sockets = new Set<Socket>();
  let came = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      came += 1;
      const { data } = JSON.parse(body) as { data: { object: { id: string } } };
      if (!cameAt.has(data.object.id)) cameAt.set(data.object.id, performance.now());
      if (how === 'answering') response.writeHead(204).end();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cameAt,
    count: () => came,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function endpointOf(tenant: Api, url: string): Promise<string> {
  const answer = await tenant.post('/webhook-endpoints', { url, eventTypes: ['customer.created'] });
  return expectStatus(answer, 201).id;
}

async function tenantOf(origin: string, name: string): Promise<Api> {
  const registration = {
    email: `${name}-${Date.now()}@nova.example`,
    password: 'a long enough password',
    name: 'Bench',
    company: name,
  };
  const body = expectStatus(await new Api(origin, null).post('/auth/register', registration), 201);
  return new Api(origin, body.apiKey.key);
}

const ms = (value: number) => `${Math.round(value)} ms`;
const sleep = (duration: number) => new Promise((resolve) => setTimeout(resolve, duration));

await main();
