// Writes the OpenAPI document to infra/openapi.json, or with --check tells whether the committed one is up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { ensureReady } from './setup.mjs';

await ensureReady({ quietWhenFresh: true });

const target = fileURLToPath(new URL('../infra/openapi.json', import.meta.url));
const { openApiDocument } = await import(new URL('../apps/api/dist/openapi.js', import.meta.url).href);

const generated = `${JSON.stringify(await openApiDocument(), null, 2)}\n`;
const committed = await readFile(target, 'utf8').catch(() => '');

if (!process.argv.includes('--check')) {
  await writeFile(target, generated);
  console.log(
    generated === committed ? 'infra/openapi.json is unchanged.' : 'infra/openapi.json is written.',
  );
} else if (generated === committed) {
  console.log('infra/openapi.json is up to date.');
} else {
  console.error(`infra/openapi.json is not what the code says${firstDifference(committed, generated)}.`);
  console.error('Remedy: npm run openapi, and commit the file.');
  process.exitCode = 1;
}

/** Where the two texts part, so that the log of a failed check says what to look at. */
function firstDifference(before, after) {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const line = now.findIndex((text, index) => text !== old[index]);
  return line < 0 ? '' : ` (line ${line + 1}: ${(old[line] ?? 'nothing').trim()} → ${now[line].trim()})`;
}
