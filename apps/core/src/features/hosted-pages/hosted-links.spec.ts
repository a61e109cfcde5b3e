import { describe, expect, it } from 'vitest';

import { newId } from '../../platform/ids/new-id.js';
import { HostedLinks } from './hosted-links.js';

const config = { publicUrl: 'https://nova.example' };
const links = new HostedLinks(Buffer.alloc(32, 1), config);
const page = { kind: 'invoice', databaseId: newId('tdb'), id: newId('inv') } as const;

describe('the address of a page for customers', () => {
  it('says what it is of', () => {
    expect(links.urlOf(page)).toBe(`https://nova.example/pay/${links.tokenOf(page)}`);
    expect(links.read(links.tokenOf(page))).toEqual(page);
    const checkout = { kind: 'checkout', databaseId: page.databaseId, id: newId('cks') } as const;
    expect(links.read(links.tokenOf(checkout))).toEqual(checkout);
  });

  it('cannot be made up from another one', () => {
    const token = links.tokenOf(page);
    const other = links.tokenOf({ ...page, id: newId('inv') });
    expect(links.read(`${token.slice(0, 53)}${other.slice(53)}`)).toBeNull();
    expect(links.read(`c${token.slice(1)}`)).toBeNull();
    expect(links.read(token.slice(0, -1))).toBeNull();
    expect(links.read(`${token}x`)).toBeNull();
    expect(links.read('')).toBeNull();
  });

  it('is good in this installation alone', () => {
    expect(new HostedLinks(Buffer.alloc(32, 2), config).read(links.tokenOf(page))).toBeNull();
  });
});
