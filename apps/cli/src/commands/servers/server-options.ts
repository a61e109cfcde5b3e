import { createInterface } from 'node:readline/promises';

import type { ServerUpdate } from '@nova/core/tenancy/servers/change-server.js';
import { type Command, InvalidArgumentError } from 'commander';

import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import type { OutputOptions } from '../../output/print-result.js';
import { wholeNumber } from '../../output/parse-number.js';

const WEIGHT_MAX = 10_000;
const MANY = 1_000_000;

export interface ServerOptions extends OutputOptions {
  adminUrl?: string;
  region?: string;
  weight?: number;
  capacity?: number | 'none';
  connectionBudget?: number | 'none';
  pooler?: { host: string; port: number } | 'none';
}

/** What the options say of a server, but for its URL; what they do not name is absent. */
export function settingsFrom({
  region,
  weight,
  capacity,
  connectionBudget,
  pooler,
}: ServerOptions): Omit<ServerUpdate, 'adminUrl'> {
  return {
    ...(region === undefined ? {} : { region }),
    ...(weight === undefined ? {} : { weight }),
    ...(capacity === undefined ? {} : { capacity: capacity === 'none' ? null : capacity }),
    ...(connectionBudget === undefined
      ? {}
      : { connectionBudget: connectionBudget === 'none' ? null : connectionBudget }),
    ...(pooler === undefined ? {} : { pooler: pooler === 'none' ? null : pooler }),
  };
}

/** What is said of a server when it is added and when it is changed. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--region <region>', 'tenants of this region are put on it, and those of none', parseName)
    .option(
      '--weight <n>',
      'its part of new databases beside other servers’; 0 takes none',
      wholeNumber(0, WEIGHT_MAX),
    )
    .option('--capacity <n>', 'databases that it takes at most, or none', orNone(wholeNumber(0, MANY)))
    .option(
      '--connection-budget <n>',
      'connections that one process may hold to its tenant databases, or none for the process’s own limit',
      orNone(wholeNumber(1, MANY)),
    )
    .option(
      '--pooler <host:port>',
      'a PgBouncer that tenants’ connections go through, or none',
      orNone(parseAddress),
    )
    .option('--json', 'print one JSON document');
}

/** A name of a server or a region, as it may stand in metrics and in other commands. */
export function parseName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('Small letters, digits and hyphens, please.');
}

/**
 * The administrator's URL as it was given, or from standard input for `-`: who may list processes reads what is on a
 * command line.
 * @throws CommandError when it is none
 */
export async function readAdminUrl(given: string): Promise<string> {
  const text = given === '-' ? await readLine() : given;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '') return text;
  throw new CommandError(
    'The administrator’s URL is like postgres://admin:PASSWORD@host:5432/postgres.',
    EXIT_CODES.usage,
  );
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}

/** The word itself: commander takes a null for nothing. */
function orNone<T>(parse: (text: string) => T): (text: string) => T | 'none' {
  return (text) => (text === 'none' ? text : parse(text));
}

function parseAddress(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@]+)):(\d{1,5})$/i.exec(text) ?? [];
  const [host, port] = [bracketed ?? plain, Number(digits)];
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new InvalidArgumentError('host:port or none, please.');
}
