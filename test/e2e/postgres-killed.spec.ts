import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { afterAll, beforeAll, expect, it } from 'vitest';

import type { ApiResponse } from '../support/api.js';
import { createPlatformDatabases } from '../support/central-database.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

const CLIENTS = 6;
const BACK_WITHIN_MS = 10_000;

/** A PostgreSQL of this file's own, with fsync as in production: central, queues and tenants are all on it. */
let dataDir: string;
let postgres: EmbeddedPostgres;
let nova: Nova;
let acme: TestTenant;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-killed-'));
  postgres = await startEmbeddedPostgres({ dataDir });
  nova = await startNova({ databases: await createPlatformDatabases(postgres.superuserUrl) });
  acme = await nova.tenant();
});

afterAll(async () => {
  await nova.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Clients that write without a pause, and what they were told. */
class Load {
  readonly issued: { id: string; number: string; total: number }[] = [];
  readonly failures: ApiResponse[] = [];
  lastSuccessAt = 0;
  private running = true;
  private readonly clients: Promise<void>[];

  constructor(customerId: string) {
    this.clients = Array.from({ length: CLIENTS }, () => this.run(customerId));
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients);
  }

  private async run(customerId: string): Promise<void> {
    while (this.running) await this.issueOne(customerId);
  }

  /** An invoice that was acknowledged counts; one whose answer was a failure may be there or not. */
  private async issueOne(customerId: string): Promise<void> {
    const lines = [{ description: 'Under fire', quantity: '2', unitAmount: '1250' }];
    const draft = await acme.api.post('/invoices', { customerId, currency: 'NGN', lines });
    if (draft.status !== 201) return this.failed(draft);
    const issued = await acme.api.post(`/invoices/${draft.body.id}/finalize`);
    if (issued.status !== 200) return this.failed(issued);
    this.lastSuccessAt = performance.now();
    this.issued.push(issued.body);
  }

  private async failed(response: ApiResponse): Promise<void> {
    this.failures.push(response);
    await sleep(50);
  }
}

const ends: [string, () => Promise<void>][] = [
  [
    'killed (SIGKILL)',
    async () => {
      process.kill(postgres.pid, 'SIGKILL');
      await postgres.ended;
    },
  ],
  ['stopped at once', () => postgres.stop()],
];

it.each(ends)(
  'answers problems only while PostgreSQL is %s, and works when it is back',
  async (_how, end) => {
    const customer = (await acme.api.post('/customers', { name: 'Ada', email: 'ada@acme.example' })).body;
    const load = new Load(customer.id);
    await sleep(1_000);
    expect(load.failures).toEqual([]);
    await end();
    await sleep(1_000);
    postgres = await startEmbeddedPostgres({ dataDir, port: postgres.port });
    const back = performance.now();
    while (load.lastSuccessAt < back && performance.now() - back < BACK_WITHIN_MS) await sleep(20);
    expect(load.lastSuccessAt).toBeGreaterThan(back);
    await sleep(1_000);
    await load.stop();

    expect(load.failures.length).toBeGreaterThan(0);
    for (const { status, headers, body } of load.failures) {
      expect(status, JSON.stringify(body)).toBe(503);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
    await expectBooksToAgree(customer.id, load.issued);
  },
);

/** All that was acknowledged is there as it was told, and the numbers have neither gap nor double. */
async function expectBooksToAgree(
  customerId: string,
  acknowledged: readonly { id: string; number: string; total: number }[],
): Promise<void> {
  const found = new Map<string, { number: string; total: number; status: string; amountDue: number }>();
  for (let after = ''; ;) {
    const page = (await acme.api.get(`/invoices?customer=${customerId}&limit=100${after}`)).body;
    for (const invoice of page.data) found.set(invoice.id, invoice);
    if (!page.hasMore) break;
    after = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  for (const { id, number } of acknowledged) {
    expect(found.get(id)).toMatchObject({ number, total: 2_500, status: 'open', amountDue: 2_500 });
  }
  const numbers = [...found.values()]
    .filter((invoice) => invoice.status !== 'draft')
    .map((invoice) => Number(invoice.number.replace(/^\D+/, '')))
    .sort((x, y) => x - y);
  const first = numbers[0] ?? 0;
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => first + index));
}
