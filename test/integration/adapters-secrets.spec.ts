// The same on other servers: what is said to providers.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import type { Json } from '../fakes/frame/json-text.js';
import { type AdapterBench, withAdapter } from '../support/adapter-bench.js';
import { BENCHES } from '../support/contract-benches.js';

/** What an account has that nobody else may know. What is short is a number of a business, which everybody may. */
function secretsOf({ account }: AdapterBench): string[] {
  const texts = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(texts);
  return texts(account.credentials).filter((text) => text.length >= 8);
}

/** A refusal that repeats what it refuses, in each provider's own form. */
function refusal(name: string, secrets: readonly string[]): Json {
  const message = `Invalid request: ${secrets.join(', ')}`;
  const forms: Readonly<Record<string, Json>> = {
    paystack: { status: false, message, code: 'invalid' },
    flutterwave: { status: 'error', message, data: null },
    mpesa: { errorCode: '400.002.02', errorMessage: message },
    stripe: { error: { type: 'invalid_request_error', message } },
  };
  return forms[name] ?? null;
}

describe.concurrent.each(BENCHES)('what fails at $name', (bench) => {
  it('repeats no key, token or phone number, in logs or in what is kept of it', () => {
    const lines: string[] = [];
    // Not the platform's own log, which would strike out what it knows: here nothing may be written at all.
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    return withAdapter(
      bench,
      async (opened) => {
        const { fake, provider, ctx } = opened;
        const own = secretsOf(opened);
        const phones = bench.phone === null ? [] : [bench.phone];
        const calls: [secrets: string[], call: () => Promise<object>][] = [
          [[...own, bench.token], () => provider.chargeSaved(ctx, opened.chargeOf())],
          [[...own, ...phones], () => provider.createCheckout(ctx, opened.checkoutOf())],
          [own, () => provider.check(ctx)],
        ];
        await provider.check(ctx);
        for (const [secrets, call] of calls) {
          for (const status of [400, 401, 500]) {
            const behaviour = { status, body: refusal(bench.name, secrets) };
            fake.control.script({ match: {}, do: behaviour, times: 8 });
            lines.push(JSON.stringify(await call(), bigintsAsTexts));
            fake.control.scripts.clear();
          }
          await provider.check(ctx);
        }
        const written = lines.join('\n').replaceAll(' ', '');
        for (const secret of [...own, ...phones, bench.token])
          expect(written.includes(secret), secret).toBe(false);
        // It is said that something was struck out, and the rest is there.
        expect(written).toContain('Invalidrequest:[redacted]');
      },
      { log },
    );
  });
});

const bigintsAsTexts = (_name: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
