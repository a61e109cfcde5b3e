import { describe, expect, it } from 'vitest';

import { RequestLease } from './request-lease.js';

function counted() {
  const given = { back: 0 };
  return { given, lease: new RequestLease(() => void given.back++) };
}

describe('request lease', () => {
  it('is given back once when the handler ends, and not again when the connection closes', () => {
    const { given, lease } = counted();
    expect(lease.begin()).toBe(true);
    lease.end();
    lease.connectionClosed();
    expect(given.back).toBe(1);
  });

  it('is kept while the handler of a client that hung up still works', () => {
    const { given, lease } = counted();
    lease.begin();
    lease.connectionClosed();
    expect(given.back).toBe(0);
    lease.end();
    expect(given.back).toBe(1);
  });

  it('is given back when the request is over before its handler began', () => {
    const { given, lease } = counted();
    lease.connectionClosed();
    expect(given.back).toBe(1);
    expect(lease.begin()).toBe(false);
    lease.end();
    expect(given.back).toBe(1);
  });
});
