import { json, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { notifyCharge } from './notices.js';
import { authenticate, refused } from './read-call.js';
import { succeeded, transactionWire } from './wire.js';
import type { FlutterwaveWorld, Transaction } from './world.js';

const PAGE_SIZE = 20;

function verify(world: FlutterwaveWorld, request: FakeRequest): Reply {
  return fetched(mine(world, request).find(({ id }) => String(id) === request.params['id']));
}

/** One of the transactions of a reference: the one that succeeded, else the last. */
function verifyByReference(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const txRef = request.query.get('tx_ref');
  if (!txRef) throw refused(400, 'tx_ref is required');
  const found = mine(world, request).filter((known) => known.txRef === txRef);
  return fetched(found.find(({ status }) => status === 'successful') ?? found.at(-1));
}

/** What is not known is HTTP 200 with status error. */
function fetched(transaction: Transaction | undefined): Reply {
  if (!transaction) throw refused(200, 'No transaction was found for this id');
  return json(200, succeeded('Transaction fetched successfully', transactionWire(transaction)));
}

function list(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const wanted = (name: string) => request.query.get(name);
  const [from, to, txRef, status] = [wanted('from'), wanted('to'), wanted('tx_ref'), wanted('status')];
  const page = Number(wanted('page') ?? 1);
  // The days are dates: the last one is in it.
  const found = mine(world, request).filter(
    (known) =>
      (!from || known.createdAt.slice(0, 10) >= from.slice(0, 10)) &&
      (!to || known.createdAt.slice(0, 10) <= to.slice(0, 10)) &&
      (!txRef || known.txRef === txRef) &&
      (!status || known.status === status),
  );
  const shown = found.toReversed().slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const page_info = {
    total: found.length,
    current_page: page,
    total_pages: Math.ceil(found.length / PAGE_SIZE),
  };
  return json(200, {
    status: 'success',
    message: 'Transactions fetched',
    meta: { page_info },
    data: shown.map(transactionWire),
  });
}

function resendHook(world: FlutterwaveWorld, request: FakeRequest): Reply {
  const transaction = mine(world, request).find(({ id }) => String(id) === request.params['id']);
  if (!transaction) throw refused(400, 'No transaction was found for this id');
  notifyCharge(world, transaction);
  return json(200, succeeded('hook sent', null));
}

function mine(world: FlutterwaveWorld, request: FakeRequest): Transaction[] {
  const account = authenticate(world, request);
  return world.transactions.filter((known) => known.account === account.name);
}

export const transactionRoutes: readonly Route<FlutterwaveWorld>[] = [
  route('GET', '/v3/transactions/verify_by_reference', verifyByReference),
  route('GET', '/v3/transactions/:id/verify', verify),
  route('GET', '/v3/transactions', list),
  route('POST', '/v3/transactions/:id/resend-hook', resendHook),
];
