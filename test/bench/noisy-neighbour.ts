import autocannon from 'autocannon';

import { Api, expectStatus } from '../support/api.js';
import { startBenchPlatform, startProgram } from './platform.js';
import { type Figure, median, percentile, report } from './report.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const NOISY_CONNECTIONS = 32;
const PAUSE_MS = 20;

interface Neighbour {
  key: string;
  url: string;
}

/** B's p95 while A sends as fast as it can, against B's p95 alone: once with A over its rate limit, once within it. */
async function main(): Promise<void> {
  const figures = [
    ...(await measure('with the default rate limits', {})),
    ...(await measure('with rate limits that A does not reach', UNLIMITED)),
  ];
  const note =
    `One API process. A: ${NOISY_CONNECTIONS} connections without a pause. B: one request every ${PAUSE_MS} ms. ` +
    `${ROUNDS} rounds of ${SECONDS} s, alone and beside A in turn.`;
  await report('noisy-neighbour', note, figures);
}

const UNLIMITED = { RATE_LIMIT_READ: '100000000/60', RATE_LIMIT_WRITE: '100000000/60' };

async function measure(how: string, environment: Record<string, string>): Promise<Figure[]> {
  const platform = await startBenchPlatform();
  const origin = `http://127.0.0.1:${platform.environment['PORT']}`;
  // B sends more than the default limit over the rounds: only A's is to be felt.
  const api = await startProgram(
    'apps/api/dist/main.js',
    { ...platform.environment, ...environment },
    `${origin}/health/live`,
  );
  const a = await customerOf(origin, 'A');
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // A tenant of its own each round, so that no round finds another's limit used up.
    const b = await customerOf(origin, `B${round}`);
    const c = await customerOf(origin, `C${round}`);
    const quiet = await p95(b);
    const noise = autocannon({
      url: a.url,
      connections: NOISY_CONNECTIONS,
      // On a thread of its own, so that A's noise is not in the way of B's stopwatch.
      workers: 1,
      duration: SECONDS + 1,
      headers: { authorization: `Bearer ${a.key}` },
    });
    const loud = await p95(c);
    await noise;
    // The first round warms up.
    if (round === 0) continue;
    alone.push(quiet);
    beside.push(loud);
  }
  await api.stop();
  await platform.stop();
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [
    {
      what: `B’s p95 while A sends at full rate, ${how}`,
      value: ms(median(beside)),
      baseline: `${ms(median(alone))}, B alone`,
      ratio: (median(beside) / median(alone)).toFixed(2),
      aim: '≤ 2',
    },
  ];
}

async function customerOf(origin: string, name: string): Promise<Neighbour> {
  const registration = {
    email: `${name}-${Date.now()}@nova.example`,
    password: 'a long enough password',
    name,
    company: `${name} ${Date.now()}`,
  };
  const registered = expectStatus(await new Api(origin, null).post('/auth/register', registration), 201);
  const key: string = registered.apiKey.key;
  const customer = expectStatus(await new Api(origin, key).post('/customers', { name: 'Ada' }), 201);
  return { key, url: `${origin}/api/customers/${customer.id}` };
}

/** The p95 of a caller that asks, waits for the answer, and pauses. */
async function p95({ key, url }: Neighbour): Promise<number> {
  const latencies: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  while (performance.now() < end) {
    const begun = performance.now();
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`B was answered ${response.status}.`);
    latencies.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return percentile(latencies, 0.95);
}

await main();
