import { describe, expect, it } from 'vitest';

import { deliveryHeaders, openMail } from './caught-mail.js';
import { MailStore } from './mail-store.js';

async function message(id: string, bodyBytes = 10) {
  const headers = deliveryHeaders({ from: 'a@example.com', recipients: ['b@example.com'], at: new Date(0) });
  return openMail(
    id,
    Buffer.concat([headers, Buffer.from(`Subject: ${id}\r\n\r\n${'x'.repeat(bodyBytes)}`)]),
  );
}

describe('MailStore', () => {
  it('keeps the newest messages, so many and so large', async () => {
    const store = await MailStore.open(null, { messagesMax: 3, bytesMax: 2_000 });
    for (const id of ['a', 'b', 'c', 'd']) await store.add(await message(id));
    expect(store.list().map((kept) => kept.id)).toEqual(['d', 'c', 'b']);
    await store.add(await message('e', 1_850));
    expect(store.list().map((kept) => kept.id)).toEqual(['e']);
    await store.add(await message('f', 5_000));
    expect(store.list().map((kept) => kept.id)).toEqual(['f']);
    expect(store.get('e')).toBeUndefined();
    expect(store.get('f')?.recipients).toEqual(['b@example.com']);
  });
});
