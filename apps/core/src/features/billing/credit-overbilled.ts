import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { CreditedInvoiceLine } from '../credit-notes/credit-note-request.js';
import { issueCreditNote } from '../credit-notes/issue-credit-note.js';
import type { BilledLine } from './load-billed-usage.js';
import type { Overbilled } from './usage-difference.js';

/**
 * Gives back usage that was billed too much, by credit notes on the invoices that billed it, the latest first. Before
 * the next invoices are written, so that they can take what the notes put on the customers' balances.
 */
export async function creditOverbilled(
  ctx: TenantContext,
  tx: TenantTransaction,
  overbilled: readonly Overbilled[],
): Promise<void> {
  for (const over of overbilled) {
    for (const [invoiceId, lines] of linesToCredit(over)) {
      const [first] = lines;
      if (!first) continue;
      await issueCreditNote(ctx, tx, {
        invoiceId,
        lines: lines.map(({ line, amount }): CreditedInvoiceLine => ({
          invoiceLineId: line.invoiceLineId,
          amount,
        })),
        to: 'auto',
        reason: 'other',
        // What was credited of the line before tells one correction of it from the next.
        source: `usage:${first.line.invoiceLineId}:${first.line.credited}`,
        memo: 'Usage of the period was less than was billed.',
      });
    }
  }
}

interface LineCredit {
  readonly line: BilledLine;
  readonly amount: bigint;
}

/** Spreads what was billed too much over the lines that billed it, as far as they are not credited yet, by invoice. */
function linesToCredit({ amount, lines }: Overbilled): Map<string, LineCredit[]> {
  const byInvoice = new Map<string, LineCredit[]>();
  let left = amount;
  for (const line of lines) {
    const rest = line.amount - line.credited;
    const part = rest < left ? rest : left;
    if (part <= 0n) continue;
    const credits = byInvoice.get(line.invoiceId);
    if (credits) credits.push({ line, amount: part });
    else byInvoice.set(line.invoiceId, [{ line, amount: part }]);
    left -= part;
  }
  return byInvoice;
}
