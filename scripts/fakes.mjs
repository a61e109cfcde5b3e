// Fake payment providers for a developer's platform. They are the tests' own, and the platform knows nothing of them: it is
// told other addresses of Paystack and the rest, as it would be of the real ones.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { root } from './run-command.mjs';

const ENTRY = path.join(root, 'test/fakes/dist/start-all-fakes.js');

/**
 * Starts them, and names their addresses in the environment where it names no others. Production has none, nor has an
 * installation without tests, nor who sets NOVA_FAKES=off.
 */
export async function startFakes() {
  const { env } = process;
  if (env.NODE_ENV === 'production' || env.NOVA_FAKES === 'off' || !existsSync(ENTRY)) return;
  const { startAllFakes } = await import(pathToFileURL(ENTRY).href);
  const fakes = await startAllFakes(platformUrl);
  for (const [name, value] of Object.entries(fakes.environment)) env[name] ||= value;
  env.NOVA_FAKES_URL = fakes.url;
}

/** Where the platform answers, which it notes once it does. */
async function platformUrl() {
  const note = path.join(path.resolve(process.env.NOVA_DATA_DIR || '.nova'), 'ready.json');
  try {
    return JSON.parse(await readFile(note, 'utf8')).url;
  } catch {
    return null;
  }
}
