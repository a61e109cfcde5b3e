import { describe, expect, it } from 'vitest';

import { run } from '../support/started-platform.js';

const complete = {
  NODE_ENV: 'production',
  CENTRAL_DATABASE_URL: 'postgres://nova@127.0.0.1:1/nova_central',
  INTERNAL_POSTGRES_URL: 'postgres://nova@127.0.0.1:1/postgres',
  JWT_SECRET: 'j'.repeat(40),
  ENCRYPTION_KEY: '5a'.repeat(32),
  PUBLIC_URL: 'https://billing.example',
  SMTP_URL: 'smtp://127.0.0.1:1',
};

describe.each(['api', 'worker'])('the %s in production', (app) => {
  const start = (env: Record<string, string>) => run(process.execPath, [`apps/${app}/dist/main.js`], { env });

  it('names every setting that is missing, in plain words', async () => {
    const { code, stderr } = await start({ NODE_ENV: 'production' });
    expect(code).toBe(1);
    for (const name of Object.keys(complete).slice(1)) expect(stderr).toContain(name);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses secrets that stand in examples', async () => {
    const example = {
      JWT_SECRET: 'change-me-to-at-least-32-random-characters',
      ENCRYPTION_KEY: '0'.repeat(64),
    };
    const { code, stderr } = await start({ ...complete, ...example });
    expect(code).toBe(1);
    expect(stderr).toMatch(/JWT_SECRET is the example/);
    expect(stderr).toMatch(/ENCRYPTION_KEY is the example/);
  });

  it('ends when its databases cannot be reached', async () => {
    expect((await start(complete)).code).toBe(1);
  });
});
