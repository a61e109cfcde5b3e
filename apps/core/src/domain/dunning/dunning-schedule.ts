import { addLocalDays } from '../calendar/periods.js';
import type { DunningPlan } from './dunning-policy.js';

/** Dunning that goes by a plan, in the tenant's days. */
export interface DunningCourse extends DunningPlan {
  readonly startedAt: Date;
  readonly timeZone: string;
}

/** Something that is to be done: the step of this number, or, one after the last, what becomes of the invoice. */
interface DunningMoment {
  readonly step: number;
  readonly at: Date;
}

/**
 * When a step is due: so many days of the tenant's calendar after dunning began, at the same time of day. One after the
 * last is the end. Null beyond it.
 *
 * @param takenAt when the step before was taken. Steps that have come late, because an outcome had to be waited for or
 * nobody worked them off, are not made up for at once: each waits for the day after the one before, so that a customer
 * is never charged twice, or written to twice, in one go.
 */
export function momentOfStep(course: DunningCourse, step: number, takenAt: Date | null): Date | null {
  const days = daysOfStep(course, step);
  if (days === null) return null;
  const planned = addLocalDays(course.startedAt, days, course.timeZone);
  if (takenAt === null || planned > takenAt) return planned;
  return addLocalDays(takenAt, 1, course.timeZone);
}

/** All that is still to come, from the step that is next: what it is about and when, if nothing comes late. */
export function upcomingMoments(course: DunningCourse, next: DunningMoment | null): DunningMoment[] {
  const moments: DunningMoment[] = [];
  for (let moment = next; moment !== null; moment = following(course, moment)) moments.push(moment);
  return moments;
}

function following(course: DunningCourse, { step, at }: DunningMoment): DunningMoment | null {
  const then = momentOfStep(course, step + 1, at);
  return then && { step: step + 1, at: then };
}

function daysOfStep({ steps, finalAfterDays }: DunningPlan, step: number): number | null {
  if (step === steps.length) return finalAfterDays;
  return steps[step]?.offsetDays ?? null;
}
