import type { StatusOutcome } from '@nova/core/features/tenant-life/change-status.js';

import { fields, type OutputOptions, printResult } from './print-result.js';

/** Prints how a tenant stands after a command about its life. */
export function printStatus(outcome: StatusOutcome, options: OutputOptions): void {
  const { deleteAfter, ...rest } = outcome;
  printResult({ ...rest, deleteAfter: deleteAfter?.toISOString() ?? null }, options, (result) =>
    fields({
      tenant: result.slug,
      id: result.tenantId,
      status: result.status,
      changed: result.changed ? 'yes' : 'no, it was so already',
      ...(result.deleteAfter ? { 'kept until': result.deleteAfter } : {}),
    }),
  );
}

/** Tells on standard error what a command of several steps is about to do. */
export function tellStep(step: string): void {
  process.stderr.write(`… ${step}\n`);
}
