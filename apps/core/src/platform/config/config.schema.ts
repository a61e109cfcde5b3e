import { isIP } from 'node:net';

import { z } from 'zod';

import type { RateLimitTable } from '../rate-limits/rate-policies.js';
import { rateLimitSettings } from './rate-limit-settings.js';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
/** Which proxies' word is taken for where a request comes from: the one before us, those of these networks, or none's. */
const trustedProxies = z.union([
  z.enum(['true', 'false']).transform((text) => text === 'true'),
  list.refine(
    (networks) => networks.length > 0 && networks.every(isNetwork),
    'must be true, false, or addresses and networks such as 10.0.0.0/8 separated by commas',
  ),
]);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const webUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
/** `host:port`, as a pooler is named: how tenants log in there is known already. */
const hostAndPort = z
  .string()
  .regex(/^(postgres(ql)?:\/\/)?(\[[0-9a-f:.]+\]|[^\s:/@]+):\d{1,5}\/?$/i, 'must be host:port')
  .transform((text) => new URL(text.includes('://') ? text : `postgres://${text}`))
  .transform((url) => ({ host: url.hostname.replaceAll(/^\[|\]$/g, ''), port: Number(url.port) }));

/** The environment variables the platform reads, in groups. `.env.example` explains each. */
export const EnvironmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** How the outside reaches us: links in e-mails and documents. Derived from host and port when absent. */
  PUBLIC_URL: z.url().optional(),
  NOVA_DATA_DIR: z.string().default('.nova'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),

  CENTRAL_DATABASE_URL: postgresUrl.optional(),
  /** An administrator's URL of the PostgreSQL server that new tenant databases are made on. */
  INTERNAL_POSTGRES_URL: postgresUrl.optional(),
  /** The pooler (PgBouncer) in front of that server, which tenants' connections go through; `host:port`. */
  TENANT_POOLER_URL: hostAndPort.optional(),
  /** Where BullMQ keeps its schema when there is no Redis; the central database by default. */
  QUEUE_DATABASE_URL: postgresUrl.optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),

  JWT_SECRET: z.string().min(32).optional(),
  ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes in hexadecimal')
    .optional(),
  /** Master keys of before, which still open what they have wrapped or sealed until `nova keys rotate` has run. */
  ENCRYPTION_KEYS_PREVIOUS: list
    .refine(
      (keys) => keys.every((key) => /^[0-9a-f]{64}$/i.test(key)),
      'must be keys of 32 bytes in hexadecimal',
    )
    .default([]),

  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default('NovaBilling <billing@novabilling.local>'),

  CENTRAL_POOL_SIZE: z.coerce.number().int().min(2).max(100).default(10),
  QUEUE_POOL_SIZE: z.coerce.number().int().min(6).max(100).default(12),
  TENANT_POOL_SIZE: z.coerce.number().int().min(1).max(20).default(3),
  /** PostgreSQL connections one process may hold to tenant databases, all pools together. */
  TENANT_CONNECTION_BUDGET: z.coerce.number().int().min(1).max(10_000).default(60),
  TENANT_POOL_IDLE_MS: z.coerce.number().int().min(1_000).default(60_000),

  ACCESS_TOKEN_TTL_SECONDS: z.coerce.number().int().min(60).max(3_600).default(900),
  REFRESH_TOKEN_TTL_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  BCRYPT_COST: z.coerce.number().int().min(4).max(15).default(12),

  CORS_ORIGINS: list.default([]),
  TRUST_PROXY: trustedProxies.default(false),
  BODY_LIMIT_BYTES: z.coerce.number().int().min(1_024).default(1_048_576),
  /** Bearer token for /metrics; without one it is served to the loopback address only. */
  METRICS_TOKEN: z.string().min(16).optional(),

  ...rateLimitSettings,
  /** How long a tenant's requests are listed for it; 0 keeps none. */
  REQUEST_LOG_DAYS: z.coerce.number().int().min(0).max(365).default(30),

  /** Whether the platform bills its tenants, whose plans then say how much they may use. */
  PLATFORM_BILLING: z.enum(['on', 'off']).default('on'),

  /** Networks that are not public and that webhooks may go to all the same; loopback in development and tests. */
  WEBHOOK_ALLOWED_NETWORKS: list
    .refine((networks) => networks.every(isNetwork), 'must be addresses and networks such as 10.0.0.0/8')
    .optional(),
  /** How many webhook endpoints a tenant may have in one mode. */
  WEBHOOK_ENDPOINTS_MAX: z.coerce.number().int().min(1).max(1_000).default(50),
  /** How long what was sent to webhook endpoints is listed. */
  WEBHOOK_LOG_DAYS: z.coerce.number().int().min(4).max(365).default(30),

  /** How long a tenant that is deleted can be kept after all. */
  TENANT_DELETION_DAYS: z.coerce.number().int().min(0).max(3_650).default(30),

  /** Where pg_dump and pg_restore are, for backups; looked for when absent. */
  NOVA_PG_BIN: z.string().optional(),

  /** Whether `npm start` runs fake payment providers beside the platform, in development. */
  NOVA_FAKES: z.enum(['on', 'off']).default('on'),
  /** Where the payment providers' APIs are; a stand-in of theirs in development and tests. */
  PAYSTACK_URL: webUrl.default('https://api.paystack.co'),
  FLUTTERWAVE_URL: webUrl.default('https://api.flutterwave.com/v3'),
  MPESA_URL: webUrl.default('https://api.safaricom.co.ke'),
  MPESA_SANDBOX_URL: webUrl.default('https://sandbox.safaricom.co.ke'),
  STRIPE_URL: webUrl.default('https://api.stripe.com'),

  SCHEDULER_TICK_MS: z.coerce.number().int().min(50).default(1_000),
});
export type Environment = z.infer<typeof EnvironmentSchema>;

/** The same, as the code uses it: everything that is needed is there. */
export interface Config {
  env: Environment['NODE_ENV'];
  host: string;
  port: number;
  publicUrl: string;
  dataDir: string;
  logLevel: Environment['LOG_LEVEL'];
  centralDatabaseUrl: string;
  internalPostgresUrl: string;
  /** Where tenants' connections to the default server go; null means to the server itself. */
  tenantPooler: { host: string; port: number } | null;
  queue: { backend: 'postgres'; url: string; poolSize: number } | { backend: 'redis'; url: string };
  jwtSecret: string;
  /** 32 bytes. */
  encryptionKey: Buffer;
  /** Master keys that may still open. */
  encryptionKeysPrevious: readonly Buffer[];
  mail: { smtpUrl: string | null; from: string };
  centralPoolSize: number;
  tenantPoolSize: number;
  tenantConnectionBudget: number;
  tenantPoolIdleMs: number;
  accessTokenTtlSeconds: number;
  refreshTokenTtlDays: number;
  bcryptCost: number;
  corsOrigins: string[];
  /** `true` trusts whoever connects to us, and nobody before him. */
  trustProxy: boolean | string[];
  bodyLimitBytes: number;
  metricsToken: string | null;
  rateLimits: RateLimitTable;
  requestLogDays: number;
  platformBilling: Environment['PLATFORM_BILLING'];
  webhooks: { allowedNetworks: readonly string[]; endpointsMax: number; logDays: number };
  tenantDeletionDays: number;
  /** Where PostgreSQL's programs are, and nowhere else; null means that they are looked for. */
  pgBinFolder: string | null;
  /** The folders of PATH, in which programs are looked for. */
  programPath: readonly string[];
  /** Without a slash at the end. */
  providerUrls: {
    paystack: string;
    flutterwave: string;
    mpesa: string;
    mpesaSandbox: string;
    stripe: string;
  };
  schedulerTickMs: number;
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
