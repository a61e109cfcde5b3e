import type { FinalAction, ReminderTemplate } from '../../../domain/dunning/dunning-policy.js';

/** What a letter about an unpaid invoice says. All of it is text for people. */
export interface ReminderFacts {
  readonly template: ReminderTemplate;
  readonly seller: string;
  readonly number: string;
  readonly amount: string;
  readonly dueOn: string | null;
  /** Why the last charge did not go through, in whole sentences; null when nothing was charged. */
  readonly reason: string | null;
  /** The day on which it is charged again; null when it is not. */
  readonly chargedAgainOn: string | null;
  readonly finalAction: FinalAction;
  readonly finalOn: string;
}

interface ReminderWords {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
}

/** The words of a letter, each more urgent than the one before. */
export function reminderWords(facts: ReminderFacts): ReminderWords {
  const { template, seller, number, chargedAgainOn } = facts;
  const { subject, heading } = titleOf(facts);
  const again =
    chargedAgainOn === null ? null : `We will try again on ${chargedAgainOn}. You can also pay before.`;
  const paragraphs = [whatHappened(facts), again, template === 'final_notice' ? whatFollows(facts) : null];
  return {
    subject: subject ?? `${heading}: invoice ${number} from ${seller}`,
    heading,
    paragraphs: paragraphs.filter((text) => text !== null),
  };
}

function titleOf({ template, seller, reason }: ReminderFacts): { subject?: string; heading: string } {
  switch (template) {
    case 'first_reminder':
      return reason === null
        ? { heading: 'Reminder' }
        : {
            subject: `Your payment to ${seller} did not go through`,
            heading: 'Your payment did not go through',
          };
    case 'second_reminder':
      return { heading: 'Second reminder' };
    case 'final_notice':
      return { heading: 'Final notice' };
  }
}

function whatHappened({ number, amount, dueOn, reason }: ReminderFacts): string {
  if (reason !== null) return `We could not charge ${amount} for invoice ${number}. ${reason}`;
  const due = dueOn === null ? '' : ` was due on ${dueOn} and`;
  return `Invoice ${number}${due} is not paid yet: ${amount} are still open.`;
}

/** What a customer may lose is said; how the seller keeps its books is not. */
function whatFollows({ finalAction, finalOn }: ReminderFacts): string {
  switch (finalAction) {
    case 'cancel':
      return `If it is not paid by ${finalOn}, your subscription ends.`;
    case 'pause':
      return `If it is not paid by ${finalOn}, your subscription is paused.`;
    case 'uncollectible':
    case 'none':
      return `Please pay it by ${finalOn}.`;
  }
}
