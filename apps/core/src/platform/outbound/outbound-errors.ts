/** The place that a request is to go to is not one that requests may go to. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
  readonly code = 'address_refused';

  constructor(hostname: string) {
    super(`Requests to ${hostname} are refused: it is not a public address.`);
  }
}
