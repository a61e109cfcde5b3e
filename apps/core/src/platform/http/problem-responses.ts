import type { ErrorDefinition } from '../errors/define-error.js';

/** The media type of every answer of 400 and above. */
export const PROBLEM_TYPE = 'application/problem+json';

interface ProblemResponse {
  status: number;
  description: string;
  content: Record<string, { schema: object }>;
}

/** Documents failures: one response a status, saying which codes it may carry. */
export function problemResponses(definitions: readonly ErrorDefinition[]): ProblemResponse[] {
  const byStatus = new Map<number, Map<string, ErrorDefinition>>();
  for (const definition of definitions) {
    const ofStatus = byStatus.get(definition.status) ?? new Map<string, ErrorDefinition>();
    byStatus.set(definition.status, ofStatus.set(definition.code, definition));
  }
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => problemResponse(status, [...codes.values()]));
}

function problemResponse(status: number, definitions: readonly ErrorDefinition[]): ProblemResponse {
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { type: 'string', enum: definitions.map(({ code }) => code) } } },
    ],
  };
  return {
    status,
    description: definitions.map(({ code, title }) => `\`${code}\`: ${title}.`).join('\n\n'),
    content: { [PROBLEM_TYPE]: { schema } },
  };
}

/** The codes that a response made by `problemResponses` may carry; none for any other response. */
export function codesOf(response: unknown): string[] {
  const { content } = (response ?? {}) as { content?: ProblemResponse['content'] };
  const schema: { allOf?: { properties?: { code?: { enum?: string[] } } }[] } =
    content?.[PROBLEM_TYPE]?.schema ?? {};
  return (schema.allOf ?? []).flatMap((part) => part.properties?.code?.enum ?? []);
}
