import type { INestApplicationContext } from '@nestjs/common';
import type { IdentityDeps } from '@nova/core/features/auth/identity-deps.js';

/** What the verbs of identity work with, loaded when a command asks for it. */
export async function identityOf(app: INestApplicationContext): Promise<IdentityDeps> {
  const { IDENTITY } = await import('@nova/core/features/auth/identity-deps.js');
  return app.get<IdentityDeps>(IDENTITY, { strict: false });
}
