import { momentAt, textAt } from '../json-fields.js';
import type { DisputeStatus, ProviderDispute } from '../webhook-events.js';

/** What `charge.dispute.create`, `.remind` and `.resolve` tell of a dispute; null without its id. */
export function paystackDispute(data: unknown): ProviderDispute | null {
  const providerDisputeId = textAt(data, 'id');
  if (providerDisputeId === null) return null;
  return {
    providerDisputeId,
    status: statusOf(textAt(data, 'status'), textAt(data, 'resolution')),
    reason: textAt(data, 'category'),
    // Written in both ways, by the reference of the API and by its samples.
    dueBy: momentAt(data, 'due_at') ?? momentAt(data, 'dueAt'),
  };
}

/** `resolution` says how it ended: `merchant-accepted` gave the money back, `declined` kept it. What it says else a person looks at. */
function statusOf(status: string | null, resolution: string | null): DisputeStatus {
  if (status === 'awaiting-merchant-feedback' || status === null) return 'open';
  if (status !== 'resolved') return 'under_review';
  if (resolution === 'declined') return 'won';
  return resolution?.endsWith('accepted') ? 'lost' : 'under_review';
}
