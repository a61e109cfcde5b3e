import path from 'node:path';

import { z } from 'zod';

import { EnvironmentSchema, type Config, type Environment } from './config.schema.js';
import { rateLimitsOf } from './rate-limit-settings.js';

/** Values that stand in examples. Production refuses them. */
const EXAMPLE_SECRETS = new Set([
  'change-me-to-at-least-32-random-characters',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
]);

/** Where webhooks may go besides public addresses, unless in production. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

const PROVIDER_URLS = [
  'PAYSTACK_URL',
  'FLUTTERWAVE_URL',
  'MPESA_URL',
  'MPESA_SANDBOX_URL',
  'STRIPE_URL',
] as const;

/** Says which settings are missing or wrong, one a line, so that the operator can mend them all at once. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

function productionProblems(env: Environment): string[] {
  if (env.NODE_ENV !== 'production') return [];
  const problems: string[] = [];
  for (const name of ['JWT_SECRET', 'ENCRYPTION_KEY'] as const) {
    if (EXAMPLE_SECRETS.has(env[name] ?? ''))
      problems.push(`${name} is the example's value; generate one of your own`);
  }
  if (!env.PUBLIC_URL) problems.push('PUBLIC_URL is required in production: links in e-mails need it');
  if (!env.SMTP_URL) problems.push('SMTP_URL is required in production: invoices are e-mailed');
  if (env.BCRYPT_COST < 10) problems.push('BCRYPT_COST must be at least 10 in production');
  for (const name of PROVIDER_URLS) {
    if (!env[name].startsWith('https://'))
      problems.push(`${name} must be https in production: keys are sent there`);
  }
  return problems;
}

/**
 * Parses the environment once. Every missing or invalid setting is named.
 * @throws ConfigError
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable, as `NAME=` in a .env file leaves it, is one that is not set.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = EnvironmentSchema.safeParse(set);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = parsed.data;
  const required = ['CENTRAL_DATABASE_URL', 'INTERNAL_POSTGRES_URL', 'JWT_SECRET', 'ENCRYPTION_KEY'] as const;
  const problems = required.filter((name) => !env[name]).map((name) => `${name} is missing`);
  problems.push(...productionProblems(env));
  if (problems.length > 0) throw new ConfigError(problems);
  return toConfig(env, variables['PATH'] ?? '');
}

function toConfig(env: Environment, programPath: string): Config {
  const centralDatabaseUrl = z.string().parse(env.CENTRAL_DATABASE_URL);
  return {
    env: env.NODE_ENV,
    host: env.HOST,
    port: env.PORT,
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    dataDir: path.resolve(env.NOVA_DATA_DIR),
    logLevel: env.LOG_LEVEL,
    centralDatabaseUrl,
    internalPostgresUrl: z.string().parse(env.INTERNAL_POSTGRES_URL),
    tenantPooler: env.TENANT_POOLER_URL ?? null,
    queue: env.REDIS_URL
      ? { backend: 'redis', url: env.REDIS_URL }
      : {
          backend: 'postgres',
          url: env.QUEUE_DATABASE_URL ?? centralDatabaseUrl,
          poolSize: env.QUEUE_POOL_SIZE,
        },
    jwtSecret: z.string().parse(env.JWT_SECRET),
    encryptionKey: Buffer.from(z.string().parse(env.ENCRYPTION_KEY), 'hex'),
    encryptionKeysPrevious: env.ENCRYPTION_KEYS_PREVIOUS.map((key) => Buffer.from(key, 'hex')),
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
    centralPoolSize: env.CENTRAL_POOL_SIZE,
    tenantPoolSize: env.TENANT_POOL_SIZE,
    tenantConnectionBudget: env.TENANT_CONNECTION_BUDGET,
    tenantPoolIdleMs: env.TENANT_POOL_IDLE_MS,
    accessTokenTtlSeconds: env.ACCESS_TOKEN_TTL_SECONDS,
    refreshTokenTtlDays: env.REFRESH_TOKEN_TTL_DAYS,
    bcryptCost: env.BCRYPT_COST,
    corsOrigins: env.CORS_ORIGINS,
    trustProxy: env.TRUST_PROXY,
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    metricsToken: env.METRICS_TOKEN ?? null,
    rateLimits: rateLimitsOf(env),
    requestLogDays: env.REQUEST_LOG_DAYS,
    platformBilling: env.PLATFORM_BILLING,
    webhooks: {
      allowedNetworks: env.WEBHOOK_ALLOWED_NETWORKS ?? (env.NODE_ENV === 'production' ? [] : LOOPBACK),
      endpointsMax: env.WEBHOOK_ENDPOINTS_MAX,
      logDays: env.WEBHOOK_LOG_DAYS,
    },
    tenantDeletionDays: env.TENANT_DELETION_DAYS,
    pgBinFolder: env.NOVA_PG_BIN ?? null,
    programPath: programPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder)),
    providerUrls: {
      paystack: env.PAYSTACK_URL,
      flutterwave: env.FLUTTERWAVE_URL,
      mpesa: env.MPESA_URL,
      mpesaSandbox: env.MPESA_SANDBOX_URL,
      stripe: env.STRIPE_URL,
    },
    schedulerTickMs: env.SCHEDULER_TICK_MS,
  };
}
