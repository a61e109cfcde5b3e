import { z } from 'zod';

import { EmailSchema } from '../../platform/wire/codes.js';
import { kenyanPhone } from '../payments/providers/mpesa/stk-push.js';
import type { RefusedForm, WayToPay } from './pages/ways-to-pay.js';

const TYPED_MAX = 254;

/** What the form of a way to pay sends. What is in its fields is looked at by `readPayForm`, to be shown again. */
export const PayFormSchema = z.strictObject({
  provider: z.string().max(40),
  phone: z.string().max(TYPED_MAX).optional(),
  email: z.string().max(TYPED_MAX).optional(),
  save: z.literal('yes').optional(),
});
export type PayForm = z.infer<typeof PayFormSchema>;

/** What a payer has chosen and filled in. */
export interface PayChoice {
  readonly provider: string;
  /** In international form without a plus. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly savesMethod: boolean;
}

/** Reads a form for one of the ways that are offered; or says what is wrong with it. */
export function readPayForm(
  form: PayForm,
  ways: readonly WayToPay[],
): { readonly choice: PayChoice } | { readonly refused: RefusedForm } {
  const way = ways.find(({ provider }) => provider === form.provider);
  const refuse = (field: RefusedForm['field'], message: string, typed = '') => ({
    refused: { provider: form.provider, field, message, typed },
  });
  if (!way) return refuse(null, 'This way to pay is not available. Choose another one.');
  const phone = way.needsPhone ? phoneOf(form.phone ?? '') : null;
  if (way.needsPhone && phone === null)
    return refuse('phone', 'Enter a Kenyan mobile number, such as 0712 345 678.', form.phone);
  const email = way.asksEmail ? EmailSchema.safeParse(form.email?.trim()) : null;
  if (email?.success === false)
    return refuse('email', 'Enter an e-mail address, such as asha@example.com.', form.email);
  const savesMethod = way.saves === 'always' || (way.saves === 'ask' && form.save === 'yes');
  return { choice: { provider: way.provider, phone, email: email?.data ?? null, savesMethod } };
}

/** A number as people write it, `0712 345 678`, `+254 712…` or `712345678`, as M-Pesa does. */
function phoneOf(typed: string): string | null {
  return kenyanPhone(typed) ?? kenyanPhone(`0${typed.trim()}`);
}
