import { describe, expect, it } from 'vitest';

import { AddressPolicy, literalHost } from './address-policy.js';

const LOOPBACK_SPELLINGS = [
  'http://127.0.0.1/',
  'http://0x7f000001/',
  'http://2130706433/',
  'http://017700000001/',
  'http://127.1/',
  'http://①②⑦.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::7f00:1]/',
  'http://[64:ff9b:1::7f00:1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://0.0.0.0/',
  'http://[::]/',
];
const NOT_PUBLIC = [
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://100.64.0.1/',
  'http://192.0.2.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://255.255.255.255/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[ff02::1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[::a9fe:a9fe]/',
  'http://[4000::1]/',
];

const admits = (policy: AddressPolicy, url: string) => {
  const host = literalHost(new URL(url).hostname);
  return host !== null && policy.admits(host);
};

describe('AddressPolicy', () => {
  const strict = new AddressPolicy([]);

  it.each([...LOOPBACK_SPELLINGS, ...NOT_PUBLIC])('refuses %s', (url) => {
    expect(literalHost(new URL(url).hostname)).not.toBeNull();
    expect(admits(strict, url)).toBe(false);
  });

  it.each(['http://8.8.8.8/', 'https://[2606:4700::1111]/'])('admits %s', (url) => {
    expect(admits(strict, url)).toBe(true);
  });

  it('takes no name for an address, and nothing else either', () => {
    expect(literalHost('example.com')).toBeNull();
    expect(strict.admits('example.com')).toBe(false);
    expect(strict.admits('')).toBe(false);
  });

  it('admits what the operator allows, and nothing beside it', () => {
    const open = new AddressPolicy(['127.0.0.0/8', '10.1.0.0/16', 'fd00::7']);
    expect(open.isOpen).toBe(true);
    for (const good of ['127.0.0.1', '127.9.9.9', '10.1.255.1', '::ffff:127.0.0.1', 'fd00::7']) {
      expect(open.admits(good), good).toBe(true);
    }
    for (const bad of ['10.2.0.1', '::1', 'fd00::8', '169.254.169.254', '64:ff9b::7f00:1']) {
      expect(open.admits(bad), bad).toBe(false);
    }
  });
});
