import { describe, expect, it } from 'vitest';

import { createLogger } from './create-logger.js';
import { addLogFields, withLogFields } from './log-fields.js';
import { readableLine } from './readable-lines.js';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let line = '';
  const log = createLogger(
    { env: 'test', logLevel: 'info' },
    { write: (text: string) => void (line += text) },
  );
  write(log);
  return JSON.parse(line) as Record<string, unknown>;
}

describe('the log', () => {
  it('carries the fields of the request under way, also those that were added later', () => {
    const line = logged((log) =>
      withLogFields({ requestId: 'req_1' }, () => {
        addLogFields({ tenantId: 'ten_1' });
        log.info('hello');
      }),
    );
    expect(line).toMatchObject({ requestId: 'req_1', tenantId: 'ten_1', msg: 'hello' });
  });

  it('writes no secrets, by key or by form', () => {
    const key = 'sk_live_0123456789abcdefghijABCDEFGHIJ012345';
    const line = logged((log) =>
      log.info(
        {
          headers: { authorization: `Bearer ${key}` },
          input: { newPassword: 'hunter2', name: 'Acme' },
          note: `key ${key}`,
        },
        `Connecting to postgres://nova:s3cret@db:5432/x with ${key}`,
      ),
    );
    const text = JSON.stringify(line);
    for (const secret of [key, 'hunter2', 's3cret']) expect(text).not.toContain(secret);
    expect(line).toMatchObject({
      input: { name: 'Acme' },
      msg: expect.stringContaining('postgres://nova:[redacted]@db'),
    });
  });

  it('writes errors with their stack and causes, without secrets', () => {
    const cause = new Error('password authentication failed for postgres://a:b0ss@h/d');
    const { err } = logged((log) => log.error({ err: new Error('cannot connect', { cause }) }, 'failed'));
    expect(err).toMatchObject({
      message: 'cannot connect',
      cause: { message: expect.stringContaining('[redacted]') },
    });
    expect(JSON.stringify(err)).not.toContain('b0ss');
  });
});

describe('readableLine', () => {
  it('is a line for people', () => {
    const json = JSON.stringify({ level: 30, time: 0, msg: 'hello', tenantId: 'ten_1', n: 2 });
    expect(readableLine(json)).toBe('00:00:00.000 info  hello tenantId=ten_1 n=2\n');
  });

  it('leaves alone what is not JSON', () => {
    expect(readableLine('boo')).toBe('boo');
  });
});
