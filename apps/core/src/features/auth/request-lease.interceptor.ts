import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { EMPTY, finalize, type Observable } from 'rxjs';

import { leaseOf } from './lease-registry.js';

/** Marks the time in which a handler uses the tenant's database. */
@Injectable()
export class RequestLeaseInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const lease = leaseOf(context.switchToHttp().getRequest<object>());
    if (!lease) return next.handle();
    if (!lease.begin()) return EMPTY;
    return next.handle().pipe(finalize(() => lease.end()));
  }
}
