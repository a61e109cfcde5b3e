import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import { invalidRequest, preconditionFailed } from '../errors/common-errors.js';
import type { NovaRequest } from './request.js';

/** The versions that a caller's change is meant for; null when any will do. */
export type ExpectedVersions = readonly number[] | null;

/** The entity tag of a version: `"7"`. Answers with a `version` carry it on their own. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * The versions an `If-Match` header names. Without the header, or with `*`, any will do. A weak tag matches
 * nothing, as RFC 9110 says.
 * @throws invalid_request when it is not a list of entity tags
 */
export function parseIfMatch(header: string | undefined): ExpectedVersions {
  if (header === undefined || header.trim() === '*') return null;
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) {
    throw invalidRequest('The If-Match header is not a list of entity tags such as "7".');
  }
  return tags.filter((tag) => /^"\d{1,15}"$/.test(tag)).map((tag) => Number(tag.slice(1, -1)));
}

/** The request's `If-Match`: `@IfMatch() expected: ExpectedVersions`. */
export const IfMatch = createParamDecorator((_: unknown, execution: ExecutionContext): ExpectedVersions => {
  const header = execution.switchToHttp().getRequest<NovaRequest>().headers['if-match'];
  return parseIfMatch(header);
});

/**
 * Refuses a change of an object that is not at an expected version. Call it under the row's lock.
 * @throws precondition_failed
 */
export function checkVersion(expected: ExpectedVersions, version: number): void {
  if (expected === null || expected.includes(version)) return;
  throw preconditionFailed(`The object is at version ${version} now. Read it again and repeat the change.`, {
    headers: { etag: etagOf(version) },
  });
}
