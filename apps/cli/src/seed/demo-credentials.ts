import { randomBytes } from 'node:crypto';
import path from 'node:path';

import { readJsonIfThere, writePrivateJson } from '@nova/core/platform/embedded/private-files.js';
import { z } from 'zod';

const DemoSchema = z.object({
  email: z.string(),
  password: z.string(),
  tenantId: z.string(),
  testKey: z.string(),
  liveKey: z.string(),
});

/** What opens the demo tenant. Its keys are shown once and stored as hashes, so they are noted in the data folder. */
export type Demo = z.infer<typeof DemoSchema>;

const NotedSchema = DemoSchema.partial({ tenantId: true, testKey: true, liveKey: true });

/** The credentials as far as they are known: before the tenant is registered, an address and a password. */
export type NotedDemo = z.infer<typeof NotedSchema>;

const fileOf = (dataDir: string) => path.join(dataDir, 'demo.json');

/** The noted credentials, or fresh ones, which are noted before they are used: a start may be killed at any moment. */
export async function readDemo(dataDir: string): Promise<NotedDemo> {
  const noted = NotedSchema.safeParse(await readJsonIfThere(fileOf(dataDir)));
  if (noted.success) return noted.data;
  const demo = { email: 'demo@savannah.example', password: `demo-${randomBytes(6).toString('hex')}` };
  await noteDemo(dataDir, demo);
  return demo;
}

export function noteDemo(dataDir: string, demo: NotedDemo): Promise<void> {
  return writePrivateJson(fileOf(dataDir), demo);
}
