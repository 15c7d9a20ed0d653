import { FocalError } from '@focal/core';

/** What PostgreSQL says of values that it cannot keep: data exceptions and broken constraints. */
export function isAboutData(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}

/** The same for who has to find the file. */
export function toDataError(cause: Error): FocalError {
  return new FocalError('corrupt-input', `What was read of the file cannot be kept: ${cause.message}`, {
    hint: 'If another program shows it well, please report it.',
    cause,
  });
}
