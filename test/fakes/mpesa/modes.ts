import { textOf } from '../frame/json-text.js';
import type { Mode } from '../frame/definition.js';
import type { Behaviour } from '../frame/scripts.js';
import { subscriberOf } from './options.js';
import { PHONE_BEHAVIOURS, type MpesaWorld, type PhoneBehaviour } from './world.js';

type MpesaMode = Mode<MpesaWorld>;

const PHONES: Readonly<Record<PhoneBehaviour, string>> = {
  ask: 'waits for the page of the phone',
  approve: 'approves',
  cancel: 'cancels: 1032',
  ignore: 'does nothing: 1037',
  expire: 'is too slow: 1019',
  insufficient: 'has no money: 1',
  'wrong-pin': 'mistypes the PIN: 2001',
  busy: 'is in another session: 500.001.1001 at once',
  'callback-lost': 'approves, and nobody is told',
  'approve-late': 'approves after M-Pesa has said 1037',
  'callback-twice': 'approves, and it is told twice',
  'callback-first': 'approves before the push is answered',
};

/** The phone named by `phone`, or every phone, does this from now on. */
const phoneModes = Object.fromEntries(
  PHONE_BEHAVIOURS.map((behaviour): [string, MpesaMode] => [
    `phone-${behaviour}`,
    {
      about: `stays: the phone (\`phone\`, or every one) ${PHONES[behaviour]}`,
      set: (world, { phone }) => {
        if (phone === undefined) {
          world.otherwise = behaviour;
          world.subscribers.forEach((subscriber) => (subscriber.behaviour = behaviour));
        } else subscriberOf(world, textOf(phone)).behaviour = behaviour;
      },
    },
  ]),
);

const next = (about: string, path: string, behaviour: Behaviour): MpesaMode => ({
  about,
  set: (_world, { ref }, script) => script({ match: { path, ...(ref ? { ref } : {}) }, do: behaviour }),
});

const gatewaySays = (errorCode: string, errorMessage: string) =>
  next(`HTTP 500 with ${errorCode}`, '/mpesa/*', {
    status: 500,
    body: { requestId: '1-fake', errorCode, errorMessage },
  });

/** The states that M-Pesa is known for. A mode is for the next request that it fits, unless it says that it stays. */
export const mpesaModes: Readonly<Record<string, MpesaMode>> = {
  ...phoneModes,
  'spike-arrest': gatewaySays('500.003.02', 'Error Occurred: Spike Arrest Violation'),
  'quota-used': gatewaySays('500.003.03', 'Error Occurred: Quota Violation'),
  'oauth-empty': next('the token is refused with nothing at all', '/oauth/*', {
    status: 400,
    malformed: 'empty',
  }),
  'queue-timeout': next('the order is never looked at: QueueTimeOutURL is told', '/mpesa/*', {
    outcome: 'queue-timeout',
  }),
  'payout-insufficient': next('the business has no money for it', '/mpesa/b2c/*', {
    outcome: 'insufficient',
  }),
  'gateway-page': next('502 with an HTML page', '*', { malformed: 'html' }),
  'items-shuffled': {
    about: 'stays: the items of callbacks come otherwise',
    set: (world) => void (world.callbackStyle.shuffled = true),
  },
  'phone-masked': {
    about: 'stays: callbacks hide the number of the phone',
    set: (world) => void (world.callbackStyle.maskedPhone = true),
  },
  'results-repeat-keys': {
    about: 'stays: results have a key twice',
    set: (world) => void (world.resultStyle = 'repeated-keys'),
  },
  'results-single-object': {
    about: 'stays: results have one parameter, and no list',
    set: (world) => void (world.resultStyle = 'single-object'),
  },
  'lax-callback-urls': {
    about: 'stays: callbacks of prompts may have any address, as is said to be so in truth',
    set: (world) => void (world.strictCallbackUrls = false),
  },
};
