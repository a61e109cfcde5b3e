// Which integration tests are another test when the queues are on Redis and tenants behind PgBouncer.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './run-command.mjs';

const FOLDER = path.join(root, 'test/integration');
const ASKS_WHICH_SERVERS = /\b(redisUrl|poolerAddress|TEST_REDIS_URL|TEST_POOLER)\b/;

/** What a spec says of itself, with its reason, that is long and whose matter is neither queues nor connections. */
const SAYS_THE_SAME = /^\/\/ The same on other servers: /m;

/**
 * The spec files that come out the same on whatever servers, because neither they nor what they import of the tests ever
 * ask for Redis or the pooler (migrations, provisioning, central tables), or because they say so.
 */
export function sameOnOtherServers() {
  const asks = new Map();
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => path.join(FOLDER, name))
    .filter((file) => SAYS_THE_SAME.test(readFileSync(file, 'utf8')) || !asksWhichServers(file, asks))
    .map((file) => path.basename(file))
    .map((name) => `test/integration/${name}`)
    .sort();
}

function asksWhichServers(file, asks) {
  if (!asks.has(file)) {
    const text = readFileSync(file, 'utf8');
    // Before the imports are followed, so that a circle of them ends.
    asks.set(file, ASKS_WHICH_SERVERS.test(text));
    if (importsOf(file, text).some((imported) => asksWhichServers(imported, asks))) asks.set(file, true);
  }
  return asks.get(file);
}

/** Files of the tests only: what they test is told by them where it runs. */
function importsOf(file, text) {
  return [...text.matchAll(/(?:from|import) '(\.[^']+)\.js'|import\('(\.[^']+)\.js'\)/g)]
    .map(([, named, later]) => path.resolve(path.dirname(file), `${named ?? later}.ts`))
    .filter((imported) => existsSync(imported));
}
