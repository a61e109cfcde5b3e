/** Codes of Node, PostgreSQL and Prisma that say: what is needed for this cannot be reached, or has no room, just now. */
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  '53300', // too many connections
  '57P01', // the administrator ended the connection
  '57P02', // PostgreSQL crashed
  '57P03', // PostgreSQL is starting or stopping
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  '08P01', // a pooler: PostgreSQL behind it is away, or took too long
  'P1001', // Prisma: cannot reach the database
  'P1002',
  'P1008',
  'P1017', // Prisma: the connection was closed
  'P2024', // Prisma: no connection of the pool became free
  'P2028', // Prisma: no transaction could be had in time
  'P2037', // Prisma: too many connections
]);

/** What node-postgres says without a code. */
const AWAY_MESSAGES =
  /^(Connection terminated|Client (has encountered a connection error|was closed) and is not queryable|timeout exceeded when trying to connect|Query read timeout|database .* is not currently accepting connections)/i;

const DEPTH_MAX = 6;

/** Whether a failure is that of a database or server which is away for the moment, rather than of our own. */
export function saysAway(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > DEPTH_MAX) return false;
  const { code, originalCode, message, cause, meta, driverAdapterError, errors } = error as Record<
    string,
    unknown
  >;
  if ([code, originalCode].some((text) => typeof text === 'string' && AWAY_CODES.has(text))) return true;
  if (typeof message === 'string' && AWAY_MESSAGES.test(message)) return true;
  const within = [cause, meta, driverAdapterError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return within.some((inner) => saysAway(inner, depth + 1));
}
