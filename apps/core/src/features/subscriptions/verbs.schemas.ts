import { z } from 'zod';

import { ChangeSubscriptionSchema } from './changes/change.schemas.js';
import { CancelSubscriptionSchema, PauseSubscriptionSchema } from './subscriptions.schemas.js';

/** A verb with nothing to say. */
export const NoInputSchema = z.strictObject({}).prefault({}).meta({ id: 'NoInput' });

/** Any verb with its input, for a preview. */
export const PreviewSubscriptionSchema = z
  .discriminatedUnion('verb', [
    z.strictObject({ verb: z.literal('change'), input: ChangeSubscriptionSchema }),
    z.strictObject({ verb: z.literal('pause'), input: PauseSubscriptionSchema }),
    z.strictObject({ verb: z.literal('cancel'), input: CancelSubscriptionSchema }),
    z.strictObject({ verb: z.literal('resume') }),
    z.strictObject({ verb: z.literal('keep') }),
    z.strictObject({ verb: z.literal('reactivate') }),
  ])
  .meta({ id: 'PreviewSubscription', description: 'A verb, and the body of its request.' });
/** Something that is asked of a subscription. */
export type VerbRequest = z.infer<typeof PreviewSubscriptionSchema>;
