import { constants, publicEncrypt } from 'node:crypto';

import { basicAuthorization } from '../fakes/mpesa/oauth.js';
import { MPESA_DEMO } from '../fakes/mpesa/options.js';
import { MPESA_FAKE_CERTIFICATE } from '../fakes/mpesa/security-credential.js';
import { httpCall, type HttpAnswer } from './http-call.js';

const TIMESTAMP = '20260101120000';

/** A business that calls M-Pesa by hand, for what a fake answers to be looked at. */
export class MpesaMerchant {
  private token = '';

  constructor(
    private readonly url: string,
    private readonly callbacks: string,
  ) {}

  async login(): Promise<HttpAnswer> {
    const authorization = basicAuthorization(MPESA_DEMO.consumerKey, MPESA_DEMO.consumerSecret);
    const answer = await httpCall(`${this.url}/oauth/v1/generate?grant_type=client_credentials`, {
      headers: { authorization },
    });
    this.token = String(answer.at('access_token'));
    return answer;
  }

  post(path: string, json: object, token = this.token): Promise<HttpAnswer> {
    return httpCall(this.url + path, { json, headers: { authorization: `Bearer ${token}` } });
  }

  push(changes: object = {}): Promise<HttpAnswer> {
    return this.post('/mpesa/stkpush/v1/processrequest', {
      ...this.signed(),
      TransactionType: 'CustomerPayBillOnline',
      Amount: 1500,
      PartyA: MPESA_DEMO.phone,
      PartyB: MPESA_DEMO.shortcode,
      PhoneNumber: MPESA_DEMO.phone,
      CallBackURL: `${this.callbacks}/stk/token-1`,
      AccountReference: 'INV0001',
      TransactionDesc: 'Invoice',
      ...changes,
    });
  }

  query(CheckoutRequestID: unknown): Promise<HttpAnswer> {
    return this.post('/mpesa/stkpushquery/v1/query', { ...this.signed(), CheckoutRequestID });
  }

  /** An order of the business: a reversal, a payout, an inquiry. */
  order(path: string, fields: object): Promise<HttpAnswer> {
    const name = { Initiator: MPESA_DEMO.initiator, InitiatorName: MPESA_DEMO.initiator };
    const urls = { ResultURL: `${this.callbacks}/result`, QueueTimeOutURL: `${this.callbacks}/timeout` };
    return this.post(path, {
      ...name,
      SecurityCredential: this.credential(),
      ...urls,
      Remarks: 'refund',
      ...fields,
    });
  }

  /** The initiator's password for Safaricom's eyes. */
  credential(password: string = MPESA_DEMO.initiatorPassword): string {
    const key = { key: MPESA_FAKE_CERTIFICATE, padding: constants.RSA_PKCS1_PADDING };
    return publicEncrypt(key, Buffer.from(password)).toString('base64');
  }

  private signed() {
    const password = MPESA_DEMO.shortcode + MPESA_DEMO.passkey + TIMESTAMP;
    const Password = Buffer.from(password).toString('base64');
    return { BusinessShortCode: MPESA_DEMO.shortcode, Password, Timestamp: TIMESTAMP };
  }
}
