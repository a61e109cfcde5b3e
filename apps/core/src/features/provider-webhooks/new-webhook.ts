import { createHash } from 'node:crypto';

import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { newId } from '../../platform/ids/new-id.js';
import type { ParsedWebhook, ProviderEvent, WebhookHeaders } from '../payments/providers/webhook-events.js';
import { writeEvent } from './stored-event.js';

/** What is long makes an index entry that PostgreSQL refuses. */
const KEY_LENGTH_MAX = 300;
const TEXT_LENGTH_MAX = 500;
/** What is kept of the headers. Signatures and secrets are not: whoever reads the log must not be able to send one himself. */
const KEPT_HEADERS = ['content-type', 'user-agent'] as const;

/** A webhook that has come in and is genuine, as far as that can be told. */
export interface GenuineWebhook {
  readonly provider: ProviderName;
  readonly rawBody: Buffer;
  readonly headers: WebhookHeaders;
  readonly from: string;
  readonly parsed: ParsedWebhook;
  /** What the address says of the attempt that it is about. */
  readonly attempt?: string;
}

/** An event as it is stored; in the order of the columns of `STORE`. */
export interface NewWebhook {
  readonly id: string;
  readonly provider: ProviderName;
  readonly dedupeKey: string;
  readonly kind: string;
  readonly type: string;
  readonly body: Buffer;
  readonly headers: string;
  readonly reference: string | null;
  readonly providerPaymentId: string | null;
  readonly providerRefundId: string | null;
  readonly event: string;
  readonly status: 'received' | 'ignored';
  readonly note: string | null;
}

/** The rows of a webhook: one for each event that it tells of, and one for what nobody can read. */
export function rowsOf(webhook: GenuineWebhook): NewWebhook[] {
  const { provider, rawBody, parsed, attempt } = webhook;
  const events = parsed.kind === 'verified' ? parsed.events : [unreadableEvent(provider, rawBody)];
  const headers = storable(JSON.stringify(keptHeaders(webhook)));
  return events.map((event) => {
    const note = whyIgnored(parsed, event);
    return {
      id: newId('pwh'),
      provider,
      dedupeKey: keyOf(event.dedupeKey),
      kind: event.kind,
      type: cut(event.type),
      body: rawBody,
      headers,
      reference: event.reference === null ? null : cut(event.reference),
      providerPaymentId: event.providerPaymentId === null ? null : cut(event.providerPaymentId),
      providerRefundId: event.providerRefundId === null ? null : cut(event.providerRefundId),
      event: storable(writeEvent(event, attempt)),
      status: note === null ? 'received' : 'ignored',
      note,
    };
  });
}

function whyIgnored(parsed: ParsedWebhook, { kind }: ProviderEvent): string | null {
  if (parsed.kind === 'unreadable') return 'It tells of nothing that can be read, or of the other mode.';
  return kind === 'other' ? 'It tells of nothing that is kept here.' : null;
}

function unreadableEvent(provider: ProviderName, rawBody: Buffer): ProviderEvent {
  const digest = createHash('sha256').update(rawBody).digest('hex');
  return {
    kind: 'other',
    type: 'unreadable',
    dedupeKey: `${provider}:unreadable:${digest}`,
    reference: null,
    providerPaymentId: null,
    providerRefundId: null,
    receipt: null,
    claims: { amount: null, currency: null },
  };
}

function keptHeaders({ headers, from }: GenuineWebhook): Record<string, string> {
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, cut(value)] as const] : [];
  });
  return { ...Object.fromEntries(kept), from };
}

function keyOf(key: string): string {
  if (key.length <= KEY_LENGTH_MAX) return storable(key);
  return `${storable(key.slice(0, 100))}:${createHash('sha256').update(key).digest('hex')}`;
}

function cut(text: string): string {
  return storable(text.slice(0, TEXT_LENGTH_MAX));
}

/** PostgreSQL keeps neither the character 0 nor half a pair; in JSON both are written as escapes. */
function storable(text: string): string {
  return text
    .replaceAll(/\u0000|\p{Surrogate}/gu, '')
    .replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})/g, '$1');
}
