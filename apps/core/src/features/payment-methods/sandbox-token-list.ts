import { SANDBOX_TOKENS } from '../payments/providers/sandbox-tokens.js';

/** The tokens of the sandbox as the docs list them, in Markdown. */
export const SANDBOX_TOKEN_LIST = [...SANDBOX_TOKENS]
  .map(([token, { label }]) => `- \`${token}\`: ${label}`)
  .join('\n');
