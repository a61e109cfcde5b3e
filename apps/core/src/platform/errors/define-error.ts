/** A problem with one place of the input. `pointer` is a JSON Pointer into the body, `?key` for a query key, `{name}` for a part of the path. */
export interface FieldProblem {
  pointer: string;
  code: string;
  message: string;
}

export interface ErrorDefinition {
  readonly code: string;
  readonly status: number;
  readonly title: string;
}

interface ProblemExtras {
  errors?: readonly FieldProblem[];
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** A failure with a code of the catalogue. The HTTP layer renders it as RFC 9457 problem+json. */
export class ProblemError extends Error {
  readonly errors: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly definition: ErrorDefinition,
    detail: string,
    extras: ProblemExtras = {},
  ) {
    super(detail, { cause: extras.cause });
    this.name = 'ProblemError';
    this.errors = extras.errors ?? [];
    this.headers = extras.headers ?? {};
  }
}

/** Makes the error: `throw invoiceNotVoidable('Invoice inv_1 is paid.')`. */
export interface ProblemFactory extends ErrorDefinition {
  (detail: string, extras?: ProblemExtras): ProblemError;
}

const catalogue = new Map<string, ErrorDefinition>();

/**
 * Adds a code to the catalogue that the docs print, and returns the factory of its errors.
 * A code is defined once, beside the feature that raises it (`invoices.errors.ts`).
 */
export function defineError(code: string, status: number, title: string): ProblemFactory {
  if (catalogue.has(code)) throw new Error(`The error code ${code} is defined twice.`);
  const definition: ErrorDefinition = { code, status, title };
  catalogue.set(code, definition);
  const factory = (detail: string, extras?: ProblemExtras) => new ProblemError(definition, detail, extras);
  return Object.assign(factory, definition);
}

/** Every code defined so far, by code. */
export function errorCatalogue(): readonly ErrorDefinition[] {
  return [...catalogue.values()].sort((a, b) => a.code.localeCompare(b.code));
}
