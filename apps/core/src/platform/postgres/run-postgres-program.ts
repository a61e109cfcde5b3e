import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const COMPLAINT_LENGTH_MAX = 2_000;

/** What a URL may say of TLS, and what libpq calls it. */
const TLS_VARIABLES = new Map([
  ['sslmode', 'PGSSLMODE'],
  ['sslrootcert', 'PGSSLROOTCERT'],
  ['sslcert', 'PGSSLCERT'],
  ['sslkey', 'PGSSLKEY'],
  ['sslnegotiation', 'PGSSLNEGOTIATION'],
]);

/**
 * Runs one of PostgreSQL's programs on a database of a server, as the role of the URL. How to log in is told by the
 * environment of the process: a command line can be read by everybody on the machine.
 * @throws Error with what the program complained of
 */
export async function runPostgresProgram(
  program: string,
  args: readonly string[],
  { url, database }: { url: string; database: string },
): Promise<void> {
  const child = spawn(program, args, {
    env: libpqEnvironment(url, database),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-COMPLAINT_LENGTH_MAX);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return;
  throw new Error(`${path.basename(program)} ended with ${code ?? signal}: ${complaints.trim()}`);
}

/** Nothing of our own environment goes in: a PGOPTIONS or a service file there would be about other servers. */
export function libpqEnvironment(adminUrl: string, database: string): Record<string, string> {
  const url = new URL(adminUrl);
  return {
    LC_ALL: 'C',
    PGHOST: url.hostname.replaceAll(/^\[|\]$/g, ''),
    PGPORT: url.port === '' ? '5432' : url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: database,
    PGCONNECT_TIMEOUT: '10',
    PGAPPNAME: 'nova-backup',
    ...tlsVariables(url.searchParams),
  };
}

function tlsVariables(parameters: URLSearchParams): Record<string, string> {
  const variables: Record<string, string> = parameters.get('ssl') === 'true' ? { PGSSLMODE: 'require' } : {};
  for (const [name, variable] of TLS_VARIABLES) {
    const value = parameters.get(name);
    // The driver's own word for a connection that is encrypted and not checked, which libpq calls otherwise.
    if (value !== null) variables[variable] = value === 'no-verify' ? 'require' : value;
  }
  return variables;
}
