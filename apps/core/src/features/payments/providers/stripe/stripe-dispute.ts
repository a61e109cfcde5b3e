import { momentAt, textAt } from '../json-fields.js';
import type { DisputeStatus, ProviderDispute } from '../webhook-events.js';

/** What `charge.dispute.*` tell of a dispute; null without its id. It names the payment, and our reference never. */
export function stripeDispute(object: unknown): ProviderDispute | null {
  const providerDisputeId = textAt(object, 'id');
  if (providerDisputeId === null) return null;
  return {
    providerDisputeId,
    // Of what is not known a person sees that it goes on.
    status: STATUSES[textAt(object, 'status') ?? ''] ?? 'under_review',
    reason: textAt(object, 'reason'),
    dueBy: momentAt(object, 'evidence_details', 'due_by'),
  };
}

/** Those that begin with `warning` are questions of a bank that have taken no money yet. */
const STATUSES: Readonly<Partial<Record<string, DisputeStatus>>> = {
  needs_response: 'open',
  warning_needs_response: 'open',
  under_review: 'under_review',
  warning_under_review: 'under_review',
  won: 'won',
  warning_closed: 'won',
  lost: 'lost',
};
