/** What went wrong, as one word that programs can branch on. HTTP statuses and exit codes are tables over it. */
export type ErrorCode =
  | 'invalid-argument' // the caller passed something outside the documented range
  | 'unsupported-format' // the bytes are of a kind Focal does not read or write
  | 'corrupt-input' // the right kind, but broken or cut short
  | 'too-large' // over a pixel, byte or time limit
  | 'not-found' // a file, folder, model or subject is missing
  | 'exists' // refusing to overwrite
  | 'permission' // the system refused access
  | 'no-space' // the disk is full
  | 'model-missing' // a model's package or file is not installed
  | 'model-invalid' // a model file is broken or uses what Focal does not support
  | 'device-unavailable' // the asked-for device is not there
  | 'busy' // the queue is full, try later
  | 'network' // a download that the user asked for did not come through
  | 'aborted' // the caller cancelled
  | 'timeout'
  | 'closed' // used after close()
  | 'internal'; // a defect of Focal

export interface FocalErrorOptions {
  /** What the user can do next: one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * The one error Focal throws. `message` says what was expected and what came; `hint` what to do next.
 * Messages hold no picture data.
 */
export class FocalError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;

  constructor(code: ErrorCode, message: string, options: FocalErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FocalError';
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** An error in a shape that crosses worker and network boundaries. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** Plain data for `postMessage` and JSON. Anything that is no FocalError becomes `internal`. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof FocalError) {
    return error.hint === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, hint: error.hint };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** The inverse of {@link toErrorData}. */
export function fromErrorData(data: ErrorData): FocalError {
  return new FocalError(data.code, data.message, data.hint === undefined ? {} : { hint: data.hint });
}

/** Throws `aborted` when the signal says so. Long loops call it once a step. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new FocalError('aborted', 'The work was cancelled.', { cause: signal.reason });
}
