import { ensureAccount } from './demo-account.js';
import { type Demo, readDemo } from './demo-credentials.js';
import { ensureDemoData } from './demo-data.js';
import { ensureTill } from './demo-till.js';
import { HttpClient } from './http-client.js';
import type { Fake } from './read-fakes.js';
import { ensureUnpaidInvoice } from './unpaid-invoice.js';

export interface SeedOptions {
  /** Where the platform answers. */
  url: string;
  /** Where the demo's credentials are noted. */
  dataDir: string;
  /** By whom the demo tenant takes payments; the sandbox stands in where there are none. */
  fakes: readonly Fake[];
}

export interface SeededDemo {
  readonly demo: Demo;
  /** The page of an invoice that is still to be paid. */
  readonly payUrl: string | null;
}

/**
 * Makes the demo tenant over the platform's own API: a login, keys for both modes, and in its test database a
 * subscription with a paid invoice, and an invoice to be paid on its page. What is there already is left alone.
 */
export async function seedDemo({ url, dataDir, fakes }: SeedOptions): Promise<SeededDemo> {
  const client = new HttpClient(url);
  const demo = await ensureAccount(client, dataDir, await readDemo(dataDir));
  const api = client.with(demo.testKey);
  await ensureDemoData(api);
  await ensureTill(api, fakes);
  return { demo, payUrl: await ensureUnpaidInvoice(api) };
}
