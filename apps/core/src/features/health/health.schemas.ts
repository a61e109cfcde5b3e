import { z } from 'zod';

export const COMPONENTS = ['central_database', 'queues', 'change_listener'] as const;

export const ComponentHealthSchema = z
  .object({ name: z.enum(COMPONENTS), status: z.enum(['up', 'down']) })
  .meta({ id: 'ComponentHealth' });
export type ComponentHealth = z.infer<typeof ComponentHealthSchema>;

export const LivenessSchema = z.object({ status: z.literal('live') }).meta({ id: 'Liveness' });

export const ReadinessSchema = z
  .object({ status: z.literal('ready'), components: z.array(ComponentHealthSchema) })
  .meta({ id: 'Readiness' });

export const HealthSchema = z
  .object({
    status: z.enum(['up', 'degraded', 'shutting_down']),
    version: z.string(),
    nodeVersion: z.string(),
    uptimeSeconds: z.int(),
    components: z.array(ComponentHealthSchema),
  })
  .meta({ id: 'Health' });
export type Health = z.infer<typeof HealthSchema>;
