/** What the sandbox does with a payment method, chosen by its token. */
export interface SandboxToken {
  readonly kind: 'card';
  /** What callers see of the payment method. */
  readonly label: string;
  readonly behaviour: {
    /** The status a charge has at first; a pending one settles a minute later. */
    readonly first: 'succeeded' | 'failed' | 'pending';
    /** Why it fails, at once or in the end; null when it succeeds. */
    readonly failureCode: string | null;
    /** How many attempts at the same thing fail so before one succeeds; all of them unless given. */
    readonly declines?: number;
    /** How a refund of it ends; it succeeds at once unless given, and a pending one a minute later. */
    readonly refund?: 'pending' | 'failed';
  };
}

/** The payment methods that test mode knows. There is nothing else to know of a card that does not exist. */
export const SANDBOX_TOKENS: ReadonlyMap<string, SandboxToken> = new Map([
  [
    'pm_sandbox_success',
    {
      kind: 'card',
      label: 'Sandbox card that succeeds',
      behaviour: { first: 'succeeded', failureCode: null },
    },
  ],
  [
    'pm_sandbox_declined',
    {
      kind: 'card',
      label: 'Sandbox card that is declined',
      behaviour: { first: 'failed', failureCode: 'declined' },
    },
  ],
  [
    'pm_sandbox_insufficient_funds',
    {
      kind: 'card',
      label: 'Sandbox card with too little money',
      behaviour: { first: 'failed', failureCode: 'insufficient_funds' },
    },
  ],
  [
    'pm_sandbox_third_time',
    {
      kind: 'card',
      label: 'Sandbox card with enough money the third time',
      behaviour: { first: 'failed', failureCode: 'insufficient_funds', declines: 2 },
    },
  ],
  [
    'pm_sandbox_pending_success',
    {
      kind: 'card',
      label: 'Sandbox card that succeeds after a minute',
      behaviour: { first: 'pending', failureCode: null },
    },
  ],
  [
    'pm_sandbox_pending_failure',
    {
      kind: 'card',
      label: 'Sandbox card that is declined after a minute',
      behaviour: { first: 'pending', failureCode: 'declined' },
    },
  ],
  [
    'pm_sandbox_refund_pending',
    {
      kind: 'card',
      label: 'Sandbox card that gives money back after a minute',
      behaviour: { first: 'succeeded', failureCode: null, refund: 'pending' },
    },
  ],
  [
    'pm_sandbox_refund_failure',
    {
      kind: 'card',
      label: 'Sandbox card that gives no money back',
      behaviour: { first: 'succeeded', failureCode: null, refund: 'failed' },
    },
  ],
] as const);
