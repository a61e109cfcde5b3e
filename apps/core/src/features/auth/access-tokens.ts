import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';

import type { Config } from '../../platform/config/config.schema.js';

const ISSUER = 'novabilling';
const AUDIENCE = 'novabilling-api';
const ALGORITHM = 'HS256';

const ClaimsSchema = z.object({ sub: z.string(), sid: z.string(), tid: z.string(), exp: z.number() });

/** Who an access token is for. The role is not in it: it is read fresh, so that a change takes effect at once. */
export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  tenantId: string;
}

/** Issues and reads the short-lived JWTs. One algorithm, fixed: what a token's header asks for does not count. */
export class AccessTokens {
  readonly ttlSeconds: number;
  private readonly jwt: JwtService;

  constructor(config: Pick<Config, 'jwtSecret' | 'accessTokenTtlSeconds'>) {
    this.ttlSeconds = config.accessTokenTtlSeconds;
    this.jwt = new JwtService({
      secret: config.jwtSecret,
      signOptions: { algorithm: ALGORITHM, issuer: ISSUER, audience: AUDIENCE, expiresIn: this.ttlSeconds },
      verifyOptions: { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE },
    });
  }

  issue(claims: AccessTokenClaims): string {
    return this.jwt.sign({ sub: claims.userId, sid: claims.sessionId, tid: claims.tenantId });
  }

  /** The claims of a token of ours that has not expired, else null. Whether its session lives is another question. */
  read(token: string): AccessTokenClaims | null {
    try {
      const claims = ClaimsSchema.parse(this.jwt.verify(token));
      return { userId: claims.sub, sessionId: claims.sid, tenantId: claims.tid };
    } catch {
      return null;
    }
  }
}
