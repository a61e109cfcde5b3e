import type { z } from 'zod';

import type { FieldProblem } from '../errors/define-error.js';
import { pointerOf } from './scan-json.js';

/** The most places one answer names: a body of a million unknown keys is not answered with as many errors. */
const PROBLEMS_MAX = 50;

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/**
 * Where a value stood: the whole `body`, `query` or `param` map, or one key of it as `query:limit`.
 */
type Place = string;

/** What zod found, as places with a code and a sentence: one for every unknown key, and what is inside of unions. */
export function fieldProblems(issues: readonly Issue[], place: Place, value: unknown): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const issue of issues) {
    if (problems.length >= PROBLEMS_MAX) break;
    problems.push(...problemsOf(issue, [], place, value));
  }
  return problems.slice(0, PROBLEMS_MAX);
}

function problemsOf(issue: Issue, base: Path, place: Place, value: unknown): FieldProblem[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, PROBLEMS_MAX).map((key) => ({
      pointer: pointerAt(place, [...path, key]),
      code: 'unknown_key',
      message: 'This key is not known here',
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue);
    if (branch) return branch.flatMap((inner) => problemsOf(inner, path, place, value));
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ pointer: pointerAt(place, path), code: issue.code, message }];
  }
  const missing = issue.code === 'invalid_type' && valueAt(value, path) === undefined;
  return [
    {
      pointer: pointerAt(place, path),
      code: missing ? 'required' : codeOf(issue),
      message: missing ? 'This is required' : issue.message,
    },
  ];
}

/** A check of our own may name its code as `params.code`, so that callers can tell what is wrong from the sentence. */
function codeOf(issue: Issue): string {
  const named: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  return typeof named === 'string' ? named : issue.code;
}

/** The branch of a union that the value was nearest to: the one that failed deepest, if any failed below the top. */
function likeliestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] | null {
  const depthOf = (branch: readonly Issue[]) => Math.max(0, ...branch.map((inner) => inner.path.length));
  const branches = [...issue.errors].sort((a, b) => depthOf(b) - depthOf(a));
  const best = branches[0];
  return best && depthOf(best) > 0 ? best : null;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    value,
  );
}

function pointerAt(place: Place, path: Path): string {
  const [kind, key] = place.split(':', 2);
  if (kind === 'body') return pointerOf(key === undefined ? path : [key, ...path]);
  const name = key ?? path[0] ?? '';
  return kind === 'query' ? `?${name}` : `{${name}}`;
}
