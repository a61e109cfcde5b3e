import type { DunningEntry, DunningRun } from '@nova/prisma-tenant';
import { z } from 'zod';

import type { FinalAction } from '../../domain/dunning/dunning-policy.js';
import { type DunningCourse, upcomingMoments } from '../../domain/dunning/dunning-schedule.js';
import { MomentSchema } from '../../platform/http/common-schemas.js';
import { ActionSchema, FinalActionSchema, readSteps, stepsJson } from './dunning-step-wire.js';

const RUN_STATUSES = ['running', 'recovered', 'exhausted', 'stopped'] as const;

const ENTRY_KINDS = [
  'started',
  'payment_attempt',
  'payment_awaited',
  'payment_skipped',
  'email',
  'sms',
  'recovered',
  'exhausted',
  'stopped',
  'uncollectible',
  'pause',
  'cancel',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

const stepNumber = z
  .int()
  .nullable()
  .meta({ description: 'Which step, from 1; null where it is none of them.' });

export const EntrySchema = z
  .object({
    step: stepNumber,
    kind: z.enum(ENTRY_KINDS).meta({
      description:
        '`payment_awaited`: an attempt was under way, and its outcome is waited for. `payment_skipped`: nothing was charged, and `note` says why.',
    }),
    paymentId: z.string().nullable(),
    note: z.string().nullable(),
    createdAt: MomentSchema,
  })
  .meta({ id: 'DunningEntry' });

const UpcomingSchema = z
  .object({
    step: stepNumber,
    at: MomentSchema,
    actions: z.array(ActionSchema),
    finalAction: FinalActionSchema.nullable().meta({
      description: 'What becomes of the invoice at the end, where that is what comes.',
    }),
  })
  .meta({ id: 'DunningUpcoming' });

export const DunningRunSchema = z
  .object({
    object: z.literal('dunning_run'),
    id: z.string(),
    invoiceId: z.string(),
    policyId: z.string(),
    status: z.enum(RUN_STATUSES).meta({
      description:
        '`recovered`: the invoice was paid. `exhausted`: all steps were taken, and it was not. `stopped`: there was no reason to go on.',
    }),
    startedAt: MomentSchema,
    endedAt: MomentSchema.nullable(),
    nextStepAt: MomentSchema.nullable(),
  })
  .meta({ id: 'DunningRun', description: 'What is done about an invoice that is not paid.' });

export const DunningTimelineSchema = DunningRunSchema.extend({
  entries: z.array(EntrySchema).meta({ description: 'What was done, oldest first.' }),
  upcoming: z
    .array(UpcomingSchema)
    .meta({ description: 'What is still to come unless the invoice is paid, and when.' }),
}).meta({ id: 'DunningTimeline' });
type DunningTimelineWire = z.infer<typeof DunningTimelineSchema>;

/** By what a run goes. */
export function courseOf(run: DunningRun, timeZone: string): DunningCourse {
  return {
    steps: readSteps(run.steps),
    finalAction: run.finalAction as FinalAction,
    finalAfterDays: run.finalAfterDays,
    startedAt: run.startedAt,
    timeZone,
  };
}

/** The run as callers and events have it. */
export function toDunningRunWire(run: DunningRun): z.infer<typeof DunningRunSchema> {
  return {
    object: 'dunning_run',
    id: run.id,
    invoiceId: run.invoiceId,
    policyId: run.policyId,
    status: run.status as (typeof RUN_STATUSES)[number],
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    nextStepAt: run.nextStepAt?.toISOString() ?? null,
  };
}

/** The run with all that was done and all that is to come. */
export function toTimelineWire(
  run: DunningRun & { entries: readonly DunningEntry[] },
  timeZone: string,
): DunningTimelineWire {
  const course = courseOf(run, timeZone);
  const next = run.nextStepAt && { step: run.nextStep, at: run.nextStepAt };
  return {
    ...toDunningRunWire(run),
    entries: run.entries.map(toEntryWire),
    upcoming: upcomingMoments(course, next).map(({ step, at }) => {
      const planned = course.steps[step];
      return {
        step: planned ? step + 1 : null,
        at: at.toISOString(),
        actions: planned ? (stepsJson([planned])[0]?.actions ?? []) : [],
        finalAction: planned ? null : course.finalAction,
      };
    }),
  };
}

/** An entry as callers and events have it. */
export function toEntryWire(entry: DunningEntry): z.infer<typeof EntrySchema> {
  return {
    step: entry.step < 0 ? null : entry.step + 1,
    kind: entry.kind as EntryKind,
    paymentId: entry.paymentId,
    note: entry.note,
    createdAt: entry.createdAt.toISOString(),
  };
}
