import type { Json, JsonObject } from '../frame/json-text.js';
import { json, type Reply } from '../frame/reply.js';
import { gatewayError } from './errors.js';
import type { Conversation, MpesaWorld } from './world.js';

const RESULT_AFTER_MS = 1_000;

/** How an order of a business ended. */
export interface Result {
  code: number | string;
  description: string;
  receipt: string | null;
  parameters: readonly (readonly [string, Json?])[];
}

interface Addresses {
  resultUrl: string;
  timeoutUrl: string;
}

/** Takes an order in, and tells what became of it a second later; `queue-timeout` tells that it was never looked at. */
export function converse(
  world: MpesaWorld,
  { resultUrl, timeoutUrl }: Addresses,
  outcome: string | undefined,
  work: (conversation: Conversation) => Result,
  originatorConversationId = `${world.ids.number()}-${world.ids.text(8)}`,
): Reply {
  const repeated = world.conversations.some(
    (known) => known.originatorConversationId === originatorConversationId,
  );
  if (repeated) throw gatewayError(world, 500, '500.002.1001', 'Duplicate OriginatorConversationID.');
  const conversation: Conversation = {
    conversationId: `AG_${world.ids.number()}_${world.ids.text(12)}`,
    originatorConversationId,
    receipt: null,
  };
  world.conversations.push(conversation);
  const timedOut = outcome === 'queue-timeout';
  // The money moves now, whenever anybody hears of it.
  const result = timedOut ? timeout : work(conversation);
  conversation.receipt = result.receipt;
  const tell = () =>
    void world.webhooks.enqueue({
      event: timedOut ? 'timeout' : 'result',
      ref: conversation.originatorConversationId,
      url: timedOut ? timeoutUrl : resultUrl,
      secret: '',
      body: { Result: resultBody(world, conversation, result) },
    });
  world.clock.after(RESULT_AFTER_MS, tell);
  return json(200, {
    OriginatorConversationID: conversation.originatorConversationId,
    ConversationID: conversation.conversationId,
    ResponseCode: '0',
    ResponseDescription: 'Accept the service request successfully.',
  });
}

const timeout: Result = {
  code: 1,
  description: 'The service request timed out in the queue.',
  receipt: null,
  parameters: [],
};

function resultBody(world: MpesaWorld, conversation: Conversation, result: Result): JsonObject {
  return {
    ResultType: 0,
    ResultCode: result.code,
    ResultDesc: result.description,
    OriginatorConversationID: conversation.originatorConversationId,
    ConversationID: conversation.conversationId,
    TransactionID: result.receipt ?? `UNKNOWN${world.ids.text(3).toUpperCase()}`,
    ...(result.parameters.length > 0
      ? { ResultParameters: { ResultParameter: parametersOf(world, result) } }
      : {}),
    ReferenceData: {
      ReferenceItem: { Key: 'QueueTimeoutURL', Value: 'https://internalsandbox.invalid/result' },
    },
  };
}

/** Keys may repeat, values may be missing, and a list of one may be no list. */
function parametersOf(world: MpesaWorld, { parameters }: Result): Json {
  const list = parameters.map(([Key, Value]): JsonObject => (Value === undefined ? { Key } : { Key, Value }));
  const [first] = list;
  if (world.resultStyle === 'single-object' && first) return first;
  return world.resultStyle === 'repeated-keys'
    ? [...list, { Key: 'DebitPartyCharges' }, { Key: 'DebitPartyCharges' }]
    : list;
}
