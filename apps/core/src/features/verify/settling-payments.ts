import { SETTLES_NOTHING } from '../payments/unsettled-note.js';

/** SQL: the payments that pay for something. Money that came when its invoice could take none waits to be given back. */
export const SETTLING_PAYMENTS = `(SELECT * FROM payments
  WHERE status = 'succeeded' AND COALESCE(note, '') NOT LIKE '%${SETTLES_NOTHING}')`;
