import { STATUS_CODES } from 'node:http';
import { type ErrorCode, FocalError } from '@focal/core';
import { NotAllowedError, QueryError, TooManyAttemptsError } from '@focal/library';

/** What the server itself refuses, beside the errors of the work. */
export type RefusalCode =
  | 'unauthorized'
  | 'forbidden'
  | 'not-acceptable'
  | 'method-not-allowed'
  | 'upgrade-required'
  | 'overloaded';
export type ProblemCode = ErrorCode | RefusalCode;

/** The one table of HTTP statuses. */
const STATUSES: Readonly<Record<ProblemCode, number>> = {
  'invalid-argument': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  exists: 409,
  'too-large': 413,
  'unsupported-format': 415,
  'upgrade-required': 426,
  'corrupt-input': 422,
  busy: 429,
  // Nobody reads this answer: the client is gone. 499 is what logs elsewhere call it.
  aborted: 499,
  internal: 500,
  permission: 500,
  'model-invalid': 500,
  network: 502,
  'model-missing': 503,
  'device-unavailable': 503,
  closed: 503,
  overloaded: 503,
  timeout: 504,
  'no-space': 507,
};

/** A request that the server does not serve, with headers that belong to the answer. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly hint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    message: string,
    options: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.hint = options.hint;
    this.headers = options.headers ?? {};
  }
}

/**
 * An error as problem details (RFC 9457), with Focal's `code` and `hint` as further members, and of a search that cannot
 * be understood the place of the part that is wrong.
 */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly hint?: string;
  readonly offset?: number;
  readonly length?: number;
}

export function statusOf(code: ProblemCode): number {
  return STATUSES[code];
}

/** The answer for an error. Of a defect nothing is told but that it is one: its message may hold paths. */
export function toProblem(error: unknown): Problem {
  const known = error instanceof FocalError || error instanceof Refusal ? error : undefined;
  // Not the system's refusal, which is the server's own trouble.
  const code = error instanceof NotAllowedError ? 'forbidden' : (known?.code ?? 'internal');
  const status = STATUSES[code];
  const hidden = code === 'internal';
  const hint = hidden ? 'The reason is in the log of the server.' : known?.hint;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Client Closed Request',
    status,
    detail: hidden || known === undefined ? 'Focal failed at this request.' : known.message,
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(error instanceof QueryError && { offset: error.offset, length: error.length }),
  };
}

export function toProblemResponse(error: unknown): Response {
  const problem = toProblem(error);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...(error instanceof Refusal ? error.headers : {}),
      ...(error instanceof TooManyAttemptsError && { 'retry-after': String(error.retryAfterSeconds) }),
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    },
  });
}
