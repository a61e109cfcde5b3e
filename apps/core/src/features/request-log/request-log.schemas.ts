import type { RequestLogEntry } from '@nova/prisma-tenant';
import { z } from 'zod';

import { ID_LENGTH_MAX, MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf, listQuery } from '../../platform/http/pagination.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const CODE_LENGTH_MAX = 100;

export const LoggedRequestSchema = z
  .object({
    object: z.literal('request'),
    id: z.string(),
    requestId: z.string().meta({ description: 'As in the Request-Id header of the answer.' }),
    method: z.string().meta({ example: 'POST' }),
    path: z.string().meta({
      description: 'As it was asked for. Of its query, values that could be personal are left out.',
      example: '/api/invoices/inv_1/finalize',
    }),
    route: z.string().meta({ example: '/api/invoices/:id/finalize' }),
    status: z.int().meta({ example: 409 }),
    errorCode: z.string().nullable().meta({ description: 'The code of the problem that was answered.' }),
    actorType: z.enum(['user', 'api_key']),
    actorId: z.string(),
    ipAddress: z.string().nullable(),
    userAgent: z.string().nullable(),
    idempotencyKey: z.string().nullable(),
    durationMs: z.int(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'LoggedRequest' });
export type LoggedRequestWire = z.infer<typeof LoggedRequestSchema>;
export const RequestLogSchema = listOf(LoggedRequestSchema, 'RequestLog');

export const ListRequestLogQuerySchema = listQuery({
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/, 'Use a status such as 404, or a class such as 4xx')
    .optional()
    .meta({ description: 'A status such as `404`, or a class such as `4xx`.', example: '4xx' }),
  method: z.enum(METHODS).optional(),
  errorCode: z.string().max(CODE_LENGTH_MAX).optional(),
  requestId: z.string().max(ID_LENGTH_MAX).optional(),
});
export type ListRequestLogQuery = z.infer<typeof ListRequestLogQuerySchema>;

/** The statuses that a filter admits. */
export function statusesOf(filter: string): { gte: number; lte: number } {
  const isClass = filter.endsWith('xx');
  const first = isClass ? Number(filter.charAt(0)) * 100 : Number(filter);
  return { gte: first, lte: isClass ? first + 99 : first };
}

export function toLoggedRequestWire({ createdAt, actorType, ...row }: RequestLogEntry): LoggedRequestWire {
  return {
    object: 'request',
    ...row,
    actorType: actorType as LoggedRequestWire['actorType'],
    createdAt: createdAt.toISOString(),
  };
}
