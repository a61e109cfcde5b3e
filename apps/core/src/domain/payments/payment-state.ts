import { stateMachine } from '../state-machine.js';

export type PaymentStatus = 'created' | 'pending' | 'succeeded' | 'failed';

/** `wait` is a provider’s word that the charge is under way. Not to know what became of a charge moves nothing. */
export type PaymentVerb = 'wait' | 'succeed' | 'fail';

/**
 * An attempt is written before the provider is asked; a new try is a new attempt. A provider may report success after
 * it had reported failure: money that came is never ignored, so success overrules failure and nothing overrules success.
 */
export const paymentStates = stateMachine<PaymentStatus, PaymentVerb>('a payment', {
  created: { wait: 'pending', succeed: 'succeeded', fail: 'failed' },
  pending: { wait: 'pending', succeed: 'succeeded', fail: 'failed' },
  succeeded: {},
  failed: { succeed: 'succeeded' },
});
