import type { FastifyReply } from 'fastify';

import type { ProblemError } from '../../platform/errors/define-error.js';
import { problemsAsPage } from '../../platform/http/problem-page.js';
import { answerWithPage } from './answer-with-page.js';
import { type Message, messagePage } from './pages/message-page.js';

const CANNOT_NOW = 'This invoice cannot be seen or paid at the moment';

/** What people are told of a failure. What it says to programs may name what is none of their business. */
const MESSAGES: Readonly<Record<string, Message>> = {
  not_found: {
    heading: 'There is no such page',
    text: 'The address may have been cut off in the message that it came in. Open the link again, or ask whoever sent it.',
  },
  tenant_suspended: {
    heading: CANNOT_NOW,
    text: 'The account of the company that sent it is suspended. Nothing was charged. Please ask them how to pay.',
  },
  tenant_archived: {
    heading: 'This page is closed',
    text: 'The company that sent it no longer takes payments here. Please ask them how to pay.',
  },
  rate_limited: {
    heading: 'Too many requests',
    text: 'Please wait a minute, and load the page again. Nothing was charged by this request.',
  },
  forbidden: {
    heading: 'This was not sent from our page',
    text: 'Nothing was charged. Open the link of your invoice, and pay from there.',
  },
};

const AWAY: Message = {
  heading: 'We are away for a moment',
  text: 'Please load this page again in a minute. If you were just paying, do not pay a second time: the page will say how it stands.',
};

const WRONG: Message = {
  heading: 'That did not work',
  text: 'The form could not be read. Go back, and try again. Nothing was charged.',
};

/** For `@RouteConfig` of pages: tells failures to people. */
export const PROBLEMS_AS_PAGE = problemsAsPage(tellProblem);

function tellProblem({ definition: { code, status } }: ProblemError, reply: FastifyReply): string {
  const message = MESSAGES[code] ?? (status >= 500 ? AWAY : WRONG);
  return answerWithPage(reply, messagePage(message));
}
