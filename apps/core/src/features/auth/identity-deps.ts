import type { PrismaClient } from '@nova/prisma-central';
import type { Logger } from 'pino';

import type { Clock } from '../../platform/clock/clock.js';
import type { Config } from '../../platform/config/config.schema.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import type { Mailer } from '../../platform/mail/mailer.js';
import type { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import type { EnrolmentQueue } from '../platform-billing/enrolment-queue.js';
import type { TenantEntitlements } from '../platform-billing/tenant-entitlements.js';
import { AccessTokens } from './access-tokens.js';

/** What the verbs of identity work with. Nest injects it under `IDENTITY`; the CLI makes its own with `identityDeps`. */
export interface IdentityDeps {
  readonly central: PrismaClient;
  readonly config: IdentityConfig;
  readonly provisioner: Pick<TenantProvisioner, 'provision' | 'retire'>;
  readonly mailer: Pick<Mailer, 'send'>;
  /** What a tenant's plan with the platform lets it have. */
  readonly entitlements: Pick<TenantEntitlements, 'of'>;
  /** Has new tenants enrolled in the platform's books. */
  readonly enrolments: Pick<EnrolmentQueue, 'soon'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly accessTokens: AccessTokens;
  readonly hashes: IdentityHashes;
}

export type IdentityConfig = Pick<
  Config,
  'jwtSecret' | 'bcryptCost' | 'accessTokenTtlSeconds' | 'refreshTokenTtlDays' | 'publicUrl'
>;

export interface IdentityHashes {
  readonly apiKey: KeyedHash;
  readonly refreshToken: KeyedHash;
  readonly refreshRotation: KeyedHash;
  readonly invitation: KeyedHash;
}

/** Injection token of the dependencies: `@Inject(IDENTITY) deps: IdentityDeps`. */
export const IDENTITY = Symbol('IDENTITY');

/** Completes the dependencies with what derives from the configuration and from the installation's hash key. */
export function identityDeps(
  parts: Omit<IdentityDeps, 'accessTokens' | 'hashes'>,
  hashKey: Buffer,
): IdentityDeps {
  return {
    ...parts,
    accessTokens: new AccessTokens(parts.config),
    hashes: {
      apiKey: new KeyedHash(hashKey, 'api-key'),
      refreshToken: new KeyedHash(hashKey, 'refresh-token'),
      refreshRotation: new KeyedHash(hashKey, 'refresh-rotation'),
      invitation: new KeyedHash(hashKey, 'invitation'),
    },
  };
}
