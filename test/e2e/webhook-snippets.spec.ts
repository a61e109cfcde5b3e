import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';

import { eventually } from '../support/eventually.js';
import { REPOSITORY } from '../support/source-files.js';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const BODY = JSON.stringify({ type: 'invoice.paid', data: { object: { id: 'inv_1' } } });

/** How a snippet of each language is run. */
const LANGUAGES: Record<
  string,
  { program: string; version: string[]; args: (file: string, port: number) => string[] }
> = {
  js: { program: process.execPath, version: ['--version'], args: (file) => [file] },
  python: { program: 'python3', version: ['--version'], args: (file) => [file] },
  php: { program: 'php', version: ['--version'], args: (file, port) => ['-S', `127.0.0.1:${port}`, file] },
};

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** The snippet of a language in the README’s section about webhooks. */
async function snippetOf(language: string): Promise<string> {
  const readme = await readFile(path.join(REPOSITORY, 'README.md'), 'utf8');
  const section = readme.split(/\n(?=## )/).find((part) => part.startsWith('## Receiving webhooks'));
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(section ?? '')?.[1];
  if (!code) throw new Error(`The README shows no receiver in ${language}.`);
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function run(language: string): Promise<{ url: string; output: () => string }> {
  const { program, args } = LANGUAGES[language] ?? { program: '', args: () => [] };
  // Beside node_modules, where the snippet finds the library that it names.
  const folder = await mkdtemp(
    path.join(language === 'js' ? path.join(REPOSITORY, 'node_modules') : tmpdir(), '.snippet-'),
  );
  cleanUps.push(() => rm(folder, { recursive: true }));
  const file = path.join(folder, `receiver.${language === 'js' ? 'mjs' : language}`);
  await writeFile(file, await snippetOf(language));
  const port = await freePort();
  const child: ChildProcess = spawn(program, args(file, port), {
    env: { PATH: process.env['PATH'], WEBHOOK_SECRET: SECRET, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  cleanUps.unshift(() => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')));
  return { url: `http://127.0.0.1:${port}/`, output: () => output };
}

async function post(url: string, { body = BODY, at = new Date(), secret = SECRET } = {}): Promise<number> {
  const id = 'evt_1';
  const others = new Webhook(`whsec_${Buffer.alloc(32, 6).toString('base64')}`).sign(id, at, BODY);
  const { status } = await fetch(url, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      // During a rotation there are two.
      'webhook-signature': `${others} ${new Webhook(secret).sign(id, at, BODY)}`,
    },
    body,
  });
  return status;
}

describe('the receiver that the README shows', () => {
  it.each(Object.keys(LANGUAGES))('in %s takes what is signed, and nothing else', async (language) => {
    const { program = '', version = [] } = LANGUAGES[language] ?? {};
    if (spawnSync(program, version).status !== 0) {
      console.log(`skipped: there is no ${program} on this machine`);
      return;
    }
    const { url, output } = await run(language);
    await eventually(async () => expect(await post(url)).toBe(204), { withinMs: 60_000 });
    await eventually(() => Promise.resolve(expect(output()).toContain('invoice.paid inv_1')));
    expect((await fetch(url, { method: 'POST', body: BODY })).status).toBe(400);
    expect(await post(url, { body: BODY.replace('inv_1', 'inv_2') })).toBe(400);
    for (const minutes of [-10, 10])
      expect(await post(url, { at: new Date(Date.now() + minutes * 60_000) })).toBe(400);
    expect(await post(url, { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` })).toBe(400);
    expect(output()).not.toContain('inv_2');
  });
});
