import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { loadSecrets } from '@nova/core/platform/embedded/secrets.js';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Api, expectStatus } from '../support/api.js';
import { nova, startPlatform } from '../support/started-platform.js';

let folder: string;
let env: { NOVA_DATA_DIR: string; PORT: string };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-master-'));
  env = { NOVA_DATA_DIR: path.join(folder, '.nova'), PORT: '0' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('what npm start runs gets a new master key in two commands with a restart between them', async () => {
  const first = await startPlatform(env);
  const { testKey } = first.ready.demo;
  const { encryptionKey: old } = await loadSecrets(env.NOVA_DATA_DIR);
  const made = await nova(['keys', 'rotate', '--new-master'], env);
  expect(made, made.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Stop and start npm start'),
  });
  // The process that runs does not have it, and is not locked out.
  const early = await nova(['keys', 'rotate'], env);
  expect(early).toMatchObject({ code: 5, stderr: expect.stringContaining('would be locked out') });
  expectStatus(await new Api(first.ready.url, testKey).get('/customers'), 200);
  expect(await first.end('SIGTERM')).toBe(0);

  const second = await startPlatform(env);
  const rotated = await nova(['keys', 'rotate', '--json'], env);
  expect(rotated, rotated.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(rotated.stdout)).toMatchObject({
    rewrapped: 2,
    unopened: [],
    removable: [expect.any(String)],
  });
  const secrets = await loadSecrets(env.NOVA_DATA_DIR);
  expect(secrets.encryptionKey).not.toBe(old);
  expect(secrets.encryptionKeysPrevious).toEqual([]);
  expectStatus(await new Api(second.ready.url, testKey).get('/customers'), 200);
  expect(await second.end('SIGTERM')).toBe(0);

  // While nothing runs, one command does all of it.
  const whole = await nova(['keys', 'rotate', '--new-master', '--json'], env);
  expect(whole, whole.stderr).toMatchObject({ code: 0 });
  expect(await loadSecrets(env.NOVA_DATA_DIR)).toMatchObject({ encryptionKeysPrevious: [] });
  const listed = await nova(['keys', 'list', '--json'], env);
  const { dataKeys } = JSON.parse(listed.stdout) as { dataKeys: { opens: boolean }[] };
  expect(dataKeys.map(({ opens }) => opens)).toEqual(dataKeys.map(() => true));
});
