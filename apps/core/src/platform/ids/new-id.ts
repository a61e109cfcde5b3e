import { uuidv7obj } from 'uuidv7';

/** Prefix of each kind of id. An id tells what it is of, and ids of one kind sort by the time they were made. */
export type IdPrefix =
  | 'ten' // tenant
  | 'tdb' // tenant database
  | 'srv' // database server
  | 'usr'
  | 'mem' // membership
  | 'ivt' // invitation
  | 'ses' // session
  | 'key' // API key
  | 'aud' // audit entry
  | 'mrun' // migration run
  | 'dk' // data key
  | 'cus'
  | 'pm' // payment method
  | 'plan'
  | 'price'
  | 'cpn' // coupon
  | 'disc' // discount
  | 'tax' // tax rate
  | 'feat' // feature
  | 'mtr' // meter
  | 'ual' // usage alert
  | 'uaf' // firing of a usage alert
  | 'evt' // event
  | 'whk' // webhook endpoint
  | 'whs' // secret of a webhook endpoint
  | 'wha' // attempt at a webhook delivery
  | 'sub'
  | 'si' // subscription item
  | 'chg' // change of a subscription
  | 'bp' // billing period
  | 'inv'
  | 'il' // invoice line
  | 'pay'
  | 'ppa' // account at a payment provider
  | 'cks' // checkout session
  | 'pwh' // webhook of a payment provider
  | 'ump' // unmatched payment
  | 'dsp' // dispute
  | 'dun' // dunning policy
  | 'dnr' // dunning of an invoice
  | 'dne' // entry of a dunning
  | 'sch' // sandbox charge
  | 'srf' // sandbox refund
  | 'rfn' // refund
  | 'cn' // credit note
  | 'cnl' // credit note line
  | 'bal' // entry of a customer's balance
  | 'wal' // wallet
  | 'wgr' // grant of a wallet
  | 'wen' // entry of a wallet
  | 'eml' // e-mail message
  | 'job' // outbox job
  | 'mov' // move of a database to another server
  | 'rql' // entry of the request log
  | 'req'; // request

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id such as `cus_01ke4v7m2qf7ct3xv0ab9d8h6r`: the prefix and a UUIDv7 in 26 base32 characters. */
export function newId(prefix: IdPrefix): string {
  let encoded = '';
  // 26 characters are 130 bits: the first two are zero.
  let [bits, pending] = [0, 2];
  for (const byte of uuidv7obj().bytes) {
    bits = (bits << 8) | byte;
    pending += 8;
    while (pending >= 5) {
      pending -= 5;
      encoded += CROCKFORD.charAt((bits >> pending) & 31);
    }
    bits &= (1 << pending) - 1;
  }
  return `${prefix}_${encoded}`;
}
