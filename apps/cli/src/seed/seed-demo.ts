import { ensureAccount } from './demo-account.js';
import { type Demo, readDemo } from './demo-credentials.js';
import { ensureDemoData } from './demo-data.js';
import { HttpClient } from './http-client.js';

export interface SeedOptions {
  /** Where the platform answers. */
  url: string;
  /** Where the demo's credentials are noted. */
  dataDir: string;
}

/**
 * Makes the demo tenant over the platform's own API: a login, keys for both modes, and in its test database a
 * subscription with a paid invoice. What is there already is left alone.
 */
export async function seedDemo({ url, dataDir }: SeedOptions): Promise<Demo> {
  const client = new HttpClient(url);
  const demo = await ensureAccount(client, dataDir, await readDemo(dataDir));
  await ensureDemoData(client.with(demo.testKey));
  return demo;
}
