import type { User } from '@nova/prisma-central';
import { z } from 'zod';

import { ROLES } from '../../platform/access/permissions.js';
import { ID_LENGTH_MAX, MomentSchema } from '../../platform/http/common-schemas.js';
import { CountrySchema, CurrencySchema, TimeZoneSchema } from '../../platform/wire/codes.js';
import { lineText } from '../../platform/wire/text.js';
import { NewApiKeySchema, toNewApiKeyWire } from '../api-keys/api-keys.schemas.js';
import { SlugSchema } from '../tenants/slug.js';
import { TenantSchema, toTenantWire } from '../tenants/tenants.schemas.js';
import { AccountEmailSchema } from './email-address.js';
import type { IdentityDeps } from './identity-deps.js';
import type { Login } from './login.js';
import { NewPasswordSchema } from './new-password-schema.js';
import type { SessionTokens } from './open-session.js';
import type { Registration } from './register-tenant.js';

/** A password as somebody types it in to prove who he is: only too long a text is refused out of hand. */
export const TypedPasswordSchema = z.string().min(1).max(1_000).meta({ format: 'password' });
const PersonNameSchema = lineText({ max: 200 }).meta({ example: 'Ada Obi' });
export const RoleSchema = z.enum(ROLES).meta({ id: 'Role' });

export const RegisterSchema = z
  .strictObject({
    email: AccountEmailSchema,
    password: NewPasswordSchema,
    name: PersonNameSchema,
    company: lineText({ max: 200 }).meta({ description: 'The name of the tenant.', example: 'Acme' }),
    slug: SlugSchema.optional(),
    country: CountrySchema.optional(),
    currency: CurrencySchema.optional(),
    timeZone: TimeZoneSchema.optional(),
  })
  .meta({ id: 'Register' });
export type Register = z.infer<typeof RegisterSchema>;

export const LoginSchema = z
  .strictObject({
    email: AccountEmailSchema,
    password: TypedPasswordSchema,
    tenantId: z.string().max(ID_LENGTH_MAX).optional(),
    tenantSlug: z.string().max(ID_LENGTH_MAX).optional(),
  })
  .meta({ id: 'Login' });
export type LoginBody = z.infer<typeof LoginSchema>;

export const RefreshSchema = z
  .strictObject({ refreshToken: z.string().min(1).max(500) })
  .meta({ id: 'Refresh' });
export type Refresh = z.infer<typeof RefreshSchema>;

export const UserSchema = z
  .object({
    object: z.literal('user'),
    id: z.string(),
    email: z.string(),
    name: z.string(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'User' });
export type UserWire = z.infer<typeof UserSchema>;

const tokenShape = {
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().meta({ description: 'Seconds until the access token expires.' }),
  refreshToken: z.string().meta({ description: 'Good for one refresh, which gives the next one.' }),
  refreshTokenExpiresAt: MomentSchema,
};

export const TokensSchema = z.object(tokenShape).meta({ id: 'Tokens' });
export type TokensWire = z.infer<typeof TokensSchema>;

const loginShape = { ...tokenShape, user: UserSchema, tenant: TenantSchema, role: RoleSchema };
export const LoggedInSchema = z.object(loginShape).meta({ id: 'LoggedIn' });
export const RegisteredSchema = z
  .object({ ...loginShape, apiKey: NewApiKeySchema })
  .meta({ id: 'Registered' });

export function toUserWire({ id, email, name, createdAt }: User): UserWire {
  return { object: 'user', id, email, name, createdAt: createdAt.toISOString() };
}

export function toTokensWire(deps: Pick<IdentityDeps, 'accessTokens'>, tokens: SessionTokens): TokensWire {
  return {
    accessToken: tokens.accessToken,
    tokenType: 'Bearer',
    expiresIn: deps.accessTokens.ttlSeconds,
    refreshToken: tokens.refreshToken,
    refreshTokenExpiresAt: tokens.session.expiresAt.toISOString(),
  };
}

export function toLoggedInWire(deps: IdentityDeps, { user, tenant, role, tokens }: Login) {
  return {
    user: toUserWire(user),
    tenant: toTenantWire(tenant),
    role,
    ...toTokensWire(deps, tokens),
  } satisfies z.infer<typeof LoggedInSchema>;
}

export function toRegisteredWire(deps: IdentityDeps, registration: Registration) {
  return {
    ...toLoggedInWire(deps, registration),
    apiKey: toNewApiKeyWire(registration.apiKey, deps.clock.now()),
  } satisfies z.infer<typeof RegisteredSchema>;
}
