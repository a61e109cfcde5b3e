import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { Command } from 'commander';

import { parseInput } from '../../environment/parse-input.js';
import { platformOf } from '../../environment/platform-of.js';
import { withCore } from '../../environment/with-core.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { wholeNumber } from '../../output/parse-number.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';

interface AddOptions extends OutputOptions {
  credentials: string;
  currencies?: string;
  priority?: number;
}

const HELP = `
The file is what the API takes as \`credentials\`, for example {"secretKey": "sk_live_…", "webhookSecret": "whsec_…"}.
Tenants that choose a plan that costs something pay for it at a checkout from then on. Everything else about the account is
done as the operator, by the API: /payment-providers with the header Nova-Mode: live.`;

/** `nova platform payment-provider add`: what tenants pay the platform with. */
export function register(platform: Command): void {
  platform
    .command('payment-provider')
    .description('The platform’s own accounts with payment providers, by which tenants pay it')
    .command('add <provider>')
    .description('Keep an account with paystack, flutterwave, mpesa or stripe, its credentials sealed')
    .requiredOption(
      '--credentials <file>',
      'a JSON file with the credentials of live mode; - reads them from stdin',
    )
    .option(
      '--currencies <list>',
      'what it is used for, as USD,NGN; all that the provider takes unless given',
    )
    .option(
      '--priority <number>',
      'of several that take a currency the lowest is used',
      wholeNumber(1, 1_000),
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action((provider: string, options: AddOptions) => add(provider, options));
}

async function add(provider: string, options: AddOptions): Promise<void> {
  const { CreatePaymentProviderSchema } =
    await import('@nova/core/features/payment-providers/payment-providers.schemas.js');
  const { currencies, priority } = options;
  const input = parseInput(CreatePaymentProviderSchema, {
    provider,
    credentials: await readCredentials(options.credentials),
    ...(currencies === undefined ? {} : { currencies: currencies.split(',') }),
    ...(priority === undefined ? {} : { priority }),
  });
  const { addPlatformProvider } =
    await import('@nova/core/features/platform-billing/add-platform-provider.js');
  const { ProviderDesk } = await import('@nova/core/features/payment-providers/provider-desk.js');
  const made = await withCore(process.env, async (app) => {
    const desk = app.get(ProviderDesk, { strict: false });
    return addPlatformProvider(await platformOf(app), desk, input);
  });
  printResult(made, options, ({ id, currencies: taken, webhookUrl }) =>
    fields({ id, provider, currencies: taken.join(', ') || 'all', webhookUrl }),
  );
}

async function readCredentials(file: string): Promise<unknown> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  try {
    return JSON.parse(content);
  } catch {
    throw new CommandError('The credentials are no JSON.', EXIT_CODES.usage);
  }
}
