import { Inject, Injectable } from '@nestjs/common';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { HASH_KEY } from '../../platform/crypto/hash-key.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import { sameText } from '../payments/providers/webhook-proof.js';

/** What a page for customers is about. */
export interface HostedPage {
  readonly kind: 'invoice' | 'checkout';
  readonly databaseId: string;
  /** Of the invoice, or of the checkout session. */
  readonly id: string;
}

const LETTERS = { invoice: 'i', checkout: 'c' } as const;
const PREFIXES = { invoice: 'inv', checkout: 'cks' } as const;
const SHOWN_STATUSES: ReadonlySet<string> = new Set(['open', 'paid', 'uncollectible']);
const FORM = /^([ic])([0-9a-z]{26})([0-9a-z]{26})([\w-]{24})$/;
/** 144 bits of the hash: nobody guesses one. */
const PROOF_LENGTH = 24;

/**
 * Addresses of the pages on which customers see and pay what they owe. Whoever has one may open it, like a letter: it names
 * its tenant database and invoice, with a proof that this installation made it, so that nothing of it has to be stored.
 */
@Injectable()
export class HostedLinks {
  private readonly hash: KeyedHash;

  constructor(
    @Inject(HASH_KEY) hashKey: Buffer,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {
    this.hash = new KeyedHash(hashKey, 'hosted-page');
  }

  /** The page of an invoice or of a checkout session, for example `https://nova.example/pay/i01…`. */
  urlOf(page: HostedPage): string {
    return `${this.config.publicUrl}/pay/${this.tokenOf(page)}`;
  }

  /** Where the customer of an invoice sees it; null for drafts and void ones, which nobody is to be sent. */
  urlOfInvoice(databaseId: string, { id, status }: { id: string; status: string }): string | null {
    return SHOWN_STATUSES.has(status) ? this.urlOf({ kind: 'invoice', databaseId, id }) : null;
  }

  tokenOf({ kind, databaseId, id }: HostedPage): string {
    const named = `${LETTERS[kind]}${withoutPrefix(databaseId)}${withoutPrefix(id)}`;
    return `${named}${this.proofOf(named)}`;
  }

  /** What a token stands for; null when it is none of ours. */
  read(token: string): HostedPage | null {
    const [, letter, database, id, proof] = FORM.exec(token) ?? [];
    if (letter === undefined || database === undefined || id === undefined || proof === undefined)
      return null;
    if (!sameText(proof, this.proofOf(`${letter}${database}${id}`))) return null;
    const kind = letter === LETTERS.invoice ? 'invoice' : 'checkout';
    return { kind, databaseId: `tdb_${database}`, id: `${PREFIXES[kind]}_${id}` };
  }

  private proofOf(named: string): string {
    return this.hash.of(named).slice(0, PROOF_LENGTH);
  }
}

function withoutPrefix(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
